package org.liftgrad.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A text of a picture, with formulas between dollars as in LaTeX: {@code "$\\mu(t) \\ge C_x^- / n$, the bound"}. Known are
 * Greek letters, common signs, indices and powers; what is not known stays readable. A dollar before a blank, or before an
 * amount, is a dollar. Outside dollars the index of a single letter and plain powers are set too, as in {@code η_c, w_j, R^2}
 * and {@code e^(−t/n)}.
 *
 * @param plain the same in one line without marks: for terminals, tables and readers who do not see the picture
 * @param pieces one after the other; empty where there is no formula
 */
public record Label(String plain, List<Piece> pieces) {

  /**
   * What is set in one way.
   *
   * @param text its letters
   * @param italic whether it is a variable
   * @param level 1 for a power, −1 for an index, 0 on the line
   * @param back whether it stands above or below the piece before, as of {@code C_x^+}
   */
  public record Piece(String text, boolean italic, int level, boolean back) {}

  /** Keeps its own list of the pieces. */
  public Label {
    pieces = List.copyOf(pieces);
  }

  /** From one dollar to the next, with no blank inside them at either end and no digit behind. */
  private static final Pattern FORMULA = Pattern.compile("\\$(?=[^\\s$])([^$]*?[^\\s$\\\\])\\$(?![0-9])");

  /** The index of a single letter, or a power that is a number, a letter or in brackets; of a fraction no part is set alone. */
  private static final Pattern SCRIPT =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_])\\p{L}_([\\p{Ll}\\p{Nd}]{1,3}(?![\\p{L}\\p{Nd}_])|∞|\\{[^{}^_]{1,16}\\})"
              + "|(?<=[\\p{L}\\p{N})‖])\\^(\\([^()^_]{1,16}\\)"
              + "|[−-]?(?:[0-9½¼¾⅓⅔][0-9½×]{0,6}+(?:\\.[0-9]+)?+|\\p{Ll})(?![\\p{L}\\p{N}_]|/[0-9]))");

  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("alpha", "α"), Map.entry("beta", "β"), Map.entry("gamma", "γ"), Map.entry("delta", "δ"),
          Map.entry("epsilon", "ε"), Map.entry("varepsilon", "ε"), Map.entry("zeta", "ζ"), Map.entry("eta", "η"),
          Map.entry("theta", "θ"), Map.entry("kappa", "κ"), Map.entry("lambda", "λ"), Map.entry("mu", "μ"), Map.entry("nu", "ν"),
          Map.entry("xi", "ξ"), Map.entry("pi", "π"), Map.entry("rho", "ρ"), Map.entry("sigma", "σ"), Map.entry("tau", "τ"),
          Map.entry("phi", "φ"), Map.entry("varphi", "φ"), Map.entry("chi", "χ"), Map.entry("psi", "ψ"), Map.entry("omega", "ω"),
          Map.entry("Gamma", "Γ"), Map.entry("Delta", "Δ"), Map.entry("Theta", "Θ"), Map.entry("Lambda", "Λ"),
          Map.entry("Sigma", "Σ"), Map.entry("Phi", "Φ"), Map.entry("Psi", "Ψ"), Map.entry("Omega", "Ω"),
          Map.entry("le", "≤"), Map.entry("leq", "≤"), Map.entry("ge", "≥"), Map.entry("geq", "≥"), Map.entry("ne", "≠"),
          Map.entry("approx", "≈"), Map.entry("sim", "∼"), Map.entry("propto", "∝"), Map.entry("to", "→"), Map.entry("infty", "∞"),
          Map.entry("cdot", "·"), Map.entry("times", "×"), Map.entry("pm", "±"), Map.entry("sqrt", "√"), Map.entry("sum", "Σ"),
          Map.entry("int", "∫"), Map.entry("partial", "∂"), Map.entry("nabla", "∇"), Map.entry("in", "∈"), Map.entry("ll", "≪"),
          Map.entry("gg", "≫"), Map.entry("langle", "⟨"), Map.entry("rangle", "⟩"), Map.entry("ell", "ℓ"), Map.entry("dots", "…"),
          Map.entry("quad", " "));

  /**
   * Reads a text.
   *
   * @param text any text
   * @return the text in pieces
   */
  public static Label of(String text) {
    Matcher formula = FORMULA.matcher(text);
    List<Piece> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int at = 0;
    while (formula.find()) {
      upright(text.substring(at, formula.start()), pieces, plain);
      new Reader(formula.group(1), pieces, plain).read();
      at = formula.end();
    }
    upright(text.substring(at), pieces, plain);
    boolean set = at > 0 || pieces.size() > 1;
    return new Label(plain.toString(), set ? pieces : List.of());
  }

  /** The text without marks. */
  static String plain(String text) {
    return of(text).plain;
  }

  /** Where a text may go on in a second line: at its blanks outside formulas. */
  static int[] breaks(String text) {
    Matcher formula = FORMULA.matcher(text);
    boolean[] inside = new boolean[text.length()];
    while (formula.find()) {
      Arrays.fill(inside, formula.start(), formula.end(), true);
    }
    return IntStream.range(1, Math.max(1, text.length() - 1)).filter(i -> text.charAt(i) == ' ' && !inside[i]).toArray();
  }

  /** Text beside formulas, with its own indices and powers. */
  private static void upright(String text, List<Piece> pieces, StringBuilder plain) {
    plain.append(text);
    Matcher script = SCRIPT.matcher(text);
    int at = 0;
    while (script.find()) {
      boolean index = script.group(1) != null;
      int from = index ? script.start(1) : script.start(2);
      put(text.substring(at, from - 1), 0, pieces);
      String word = index ? script.group(1) : script.group(2);
      boolean held = word.startsWith("(") || word.startsWith("{");
      put(held ? word.substring(1, word.length() - 1) : word, index ? -1 : 1, pieces);
      at = script.end();
    }
    put(text.substring(at), 0, pieces);
  }

  private static void put(String text, int level, List<Piece> pieces) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text, false, level, false));
    }
  }

  /** Goes through a formula from left to right. */
  private static final class Reader {
    private final String source;
    private final List<Piece> pieces;
    private final StringBuilder plain;
    private int at;

    Reader(String source, List<Piece> pieces, StringBuilder plain) {
      this.source = source;
      this.pieces = pieces;
      this.plain = plain;
    }

    void read() {
      while (at < source.length()) {
        char letter = source.charAt(at);
        if (letter == '_' || letter == '^') {
          script();
        } else if (letter == '{' || letter == '}') {
          at++;
        } else {
          String sign = sign();
          plain.append(sign);
          add(sign, 0, false);
        }
      }
    }

    /** An index or a power, and the other one right behind it, which stands over it. */
    private void script() {
      boolean back = false;
      for (int number = 0; number < 2 && at < source.length() && "_^".indexOf(source.charAt(at)) >= 0; number++) {
        int level = source.charAt(at) == '^' ? 1 : -1;
        at++;
        List<String> signs = group();
        String text = String.join("", signs);
        plain.append(level > 0 ? "^" : "_").append(text.codePointCount(0, text.length()) > 1 ? "(" + text + ")" : text);
        for (String sign : signs) {
          add(sign, level, back);
          back = false;
        }
        back = true;
      }
    }

    /** What is in braces, or the one sign that follows. */
    private List<String> group() {
      List<String> signs = new ArrayList<>();
      if (at < source.length() && source.charAt(at) == '{') {
        at++;
        for (int depth = 1; at < source.length(); ) {
          char letter = source.charAt(at);
          depth += letter == '{' ? 1 : letter == '}' ? -1 : 0;
          if (depth == 0) {
            at++;
            break;
          }
          if (letter == '{' || letter == '}') {
            at++;
          } else {
            signs.add(sign());
          }
        }
      } else if (at < source.length()) {
        signs.add(sign());
      }
      return signs;
    }

    /** The next sign: a letter, or a word behind a backslash. */
    private String sign() {
      char letter = source.charAt(at);
      if (letter != '\\') {
        int point = source.codePointAt(at);
        at += Character.charCount(point);
        return letter == '-' ? "−" : letter == '\'' ? "′" : Character.toString(point);
      }
      int end = at + 1;
      while (end < source.length() && Character.isLetter(source.charAt(end))) {
        end++;
      }
      if (end == at + 1) {
        String escaped = end < source.length() ? source.substring(end, end + 1) : "\\";
        at = Math.min(end + 1, source.length());
        return escaped.equals("|") ? "‖" : escaped.equals(",") ? " " : escaped;
      }
      String word = source.substring(at + 1, end);
      at = end;
      String known = SIGNS.get(word);
      // A blank after a sign ends its name, as in LaTeX.
      if (known != null && at < source.length() && source.charAt(at) == ' ' && Character.isLetter(known.codePointAt(0))) {
        at++;
      }
      return known == null ? word : known;
    }

    private void add(String sign, int level, boolean back) {
      boolean variable = sign.codePointCount(0, sign.length()) == 1 && Character.isLetter(sign.codePointAt(0)) && !sign.equals("Σ");
      int last = pieces.size() - 1;
      if (!back && last >= 0 && pieces.get(last).level == level && pieces.get(last).italic == variable) {
        Piece before = pieces.get(last);
        pieces.set(last, new Piece(before.text + sign, variable, level, before.back));
      } else {
        pieces.add(new Piece(sign, variable, level, back));
      }
    }
  }
}
