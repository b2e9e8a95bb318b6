package org.liftgrad.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example of the package guides and of the Javadoc is Java that the library of today compiles. What an example
 * takes for granted (data, a network, a run) is declared here, file by file; nothing else is.
 */
class DocumentedCodeTest {

  private static final Path SOURCES = Path.of(System.getProperty("liftgrad.home", "."), "src", "main", "java");
  private static final Pattern EXAMPLE = Pattern.compile("<pre>\\s*\\{@code(.*?)\\}\\s*</pre>", Pattern.DOTALL);

  /** What the examples of a file or of a room take for granted, as declarations. */
  private static final Map<String, String> GIVEN =
      Map.ofEntries(
          Map.entry("blueprint/package-info", "Section parameters = null; double[] inputs = {}; int batch = 1;"),
          Map.entry("flow/", "Dataset data = null; ShallowNetwork network = null;"),
          Map.entry("flow/LiftTraining", "LiftedNetwork network = null;"),
          Map.entry("kernel/package-info", "long seed = 1; int replicate = 0; DMatrixRMaj inputs = null; DMatrixRMaj gram = null;"
              + " int neurons = 1; double[] coefficients = {}; double[] preactivations = {};"),
          Map.entry("lift/", "Blueprint mlp = null; LiftedNetwork network = null; LiftedNetwork witness = null; double[] parameters = {}; double[] gradient = {};"
              + " DMatrixRMaj inputs = null; Lift fullLift = null; Lift small = null; Lift large = null; Blueprint blueprint = null;"),
          Map.entry("lift/LiftBuilder", "Blueprint mlp = null;"),
          Map.entry("lift/ArchitectureLifts", ""),
          Map.entry("lift/Coverage", "LiftedNetwork network = null; LiftedNetwork witness = null;"),
          Map.entry("notebook/Claim", "Line line = null;"),
          Map.entry("notebook/package-info", "record Walk(String summary, byte[] picture) {}"),
          Map.entry("plot/", "Solution run = null; Table table = null; double[] rates = {}; DMatrixRMaj gram = null; Blueprint blueprint = null;"),
          Map.entry("shallow/", "Dataset data = null;"),
          Map.entry("statistics/", "double[] time = {}; double[] steps = {}; double[] errors = {}; double[] widths = {}; List<Proportion> converged = List.of();"),
          Map.entry("statistics/package-info", "double[] steps = {}; double[] errors = {};"),
          Map.entry("statistics/Columns", "double[] time = {}; double[] loss = {};"),
          Map.entry("sweep/FinishedCells", "Path ledger = null; Path folder = null;"),
          Map.entry("sweep/KeptRuns", "Path path = null; String cell = \"\"; int replicate = 0;"),
          Map.entry("sweep/Results", "Ledger ledger = null;"),
          Map.entry("sweep/Sweep", "Plan plan = null;"));

  /** Methods that an example leaves to its reader. */
  private static final Map<String, String> METHODS =
      Map.of(
          "notebook/Film", "static Figure picture(double n) { return null; }",
          "sweep/KeptRuns", "static Row compute(String cell, int replicate) { return null; }");

  @TempDir static Path scratch;

  private record Example(String name, String file, String code) {}

  @TestFactory
  List<DynamicTest> everyExample() throws IOException {
    List<Example> examples = examples();
    Map<String, List<String>> faults = compile(examples);
    List<DynamicTest> tests = new ArrayList<>();
    for (int k = 0; k < examples.size(); k++) {
      Example example = examples.get(k);
      String type = "Example" + k;
      tests.add(dynamicTest(example.name, () ->
          assertThat(faults.getOrDefault(type, List.of())).as(source(type, example)).isEmpty()));
    }
    tests.add(dynamicTest("there are some", () -> assertThat(examples).hasSizeGreaterThan(35)));
    return tests;
  }

  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        String text = Files.readString(file);
        String room = SOURCES.resolve("org/liftgrad").relativize(file).toString().replace('\\', '/').replace(".java", "");
        // What a reader can reach: the guides of the rooms, and public types.
        boolean readers = room.endsWith("package-info") || Pattern.compile("^public ", Pattern.MULTILINE).matcher(text).find();
        Matcher matcher = EXAMPLE.matcher(readers ? text : "");
        while (matcher.find()) {
          String code = matcher.group(1).lines().map(line -> line.replaceFirst("^\\s*\\* ?", "")).collect(Collectors.joining("\n")).strip();
          // JSON is read by the tests of its own type, command lines by that of the commands.
          if (!code.startsWith("{") && !code.startsWith("environment/")) {
            long line = text.substring(0, matcher.start()).lines().count();
            examples.add(new Example(room + ", line " + line, room, code));
          }
        }
      }
    }
    return examples;
  }

  private static Map<String, List<String>> compile(List<Example> examples) throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    for (int k = 0; k < examples.size(); k++) {
      String source = source("Example" + k, examples.get(k));
      sources.add(
          new SimpleJavaFileObject(URI.create("string:///Example" + k + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
              return source;
            }
          });
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(told, Locale.ROOT, StandardCharsets.UTF_8)) {
      compiler.getTask(null, files, told, List.of("-proc:none", "-cp", path, "-d", scratch.toString(), "-Xmaxerrs", "1000"), null, sources).call();
    }
    return told.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR && each.getSource() != null)
        .collect(Collectors.groupingBy(
            each -> each.getSource().getName().replaceAll(".*/|\\.java", ""),
            Collectors.mapping(each -> "line " + each.getLineNumber() + ": " + each.getMessage(Locale.ROOT), Collectors.toList())));
  }

  private static String source(String type, Example example) throws IOException {
    String room = example.file.substring(0, example.file.lastIndexOf('/'));
    Set<String> imports = new TreeSet<>(Set.of("java.nio.file.Path", "java.util.*", "org.ejml.data.DMatrixRMaj", "tech.tablesaw.api.*"));
    try (Stream<Path> rooms = Files.list(SOURCES.resolve("org/liftgrad"))) {
      rooms.filter(Files::isDirectory).forEach(each -> imports.add("org.liftgrad." + each.getFileName() + ".*"));
    }
    // Of names that two rooms have, an example means that of its own.
    try (Stream<Path> types = Files.list(SOURCES.resolve("org/liftgrad").resolve(room))) {
      types.map(each -> each.getFileName().toString().replace(".java", ""))
          .filter(each -> Set.of("Row", "Parameter", "Experiment").contains(each))
          .forEach(each -> imports.add("org.liftgrad." + room.replace('/', '.') + "." + each));
    }
    String owner = example.file.endsWith("package-info") ? "" : "import static org.liftgrad." + example.file.replace('/', '.') + ".*;\n";
    String entry = example.code.contains("import static org.liftgrad.plot.Plot") || example.file.equals("plot/Plot")
        ? "" : "import static org.liftgrad.notebook.Liftgrad.*;\n";
    String own = example.file.equals("plot/Plot") || room.equals("notebook") ? owner : "";
    if (room.equals("shallow")) {
      own = "import static org.liftgrad.shallow.Width.probabilityWellInitialised;\n";
    }
    String code = example.code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
    String own2 = example.code.lines().filter(line -> line.startsWith("import ") && !entry.contains(line)).collect(Collectors.joining("\n"));
    return imports.stream().map(each -> "import " + each + ";\n").collect(Collectors.joining())
        + entry + own + own2 + "\nclass " + type + " {\n" + given(METHODS, example.file) + "\nstatic void show() throws Exception {\n"
        + undeclared(given(GIVEN, example.file), code) + "\n" + String.join("\n", statements(code)) + "\n}\n}\n";
  }

  /** What is given, but for what the example declares itself. */
  private static String undeclared(String given, String code) {
    return Stream.of(given.split("(?<=;) "))
        .filter(each -> {
          Matcher name = Pattern.compile("(\\w+) =").matcher(each);
          return !name.find() || !Pattern.compile("\\w(\\[\\])? " + name.group(1) + " =").matcher(code).find();
        })
        .collect(Collectors.joining(" "));
  }

  private static String given(Map<String, String> all, String file) {
    return all.getOrDefault(file, all.getOrDefault(file.substring(0, file.lastIndexOf('/') + 1), ""));
  }

  /** A line that ends no statement and is not gone on with in the next is an expression: a cell shows what it gives. */
  private static List<String> statements(String code) {
    List<String> statements = new ArrayList<>();
    String[] lines = code.replaceAll("//[^\n]*", "").split("\n");
    StringBuilder now = new StringBuilder();
    for (int k = 0; k < lines.length; k++) {
      now.append(now.isEmpty() ? "" : "\n").append(lines[k].stripTrailing());
      String text = now.toString().strip();
      String next = k + 1 < lines.length ? lines[k + 1].strip() : "";
      boolean open = depth(text) > 0 || next.startsWith(".") || text.endsWith("=") || text.endsWith("+");
      if (text.isEmpty() || open) {
        continue;
      }
      if (text.endsWith(";") || text.endsWith("}")) {
        statements.add(text);
      } else if (text.matches("(?s).*\\)\\s*(>=|<=|<|>|==|\\*)\\s*[^)]*")) {
        statements.add("Object shown" + statements.size() + " = " + text + ";");
      } else {
        statements.add(text + ";");
      }
      now.setLength(0);
    }
    if (!now.isEmpty()) {
      statements.add(now.toString());
    }
    return statements.stream().map(DocumentedCodeTest::shown).toList();
  }

  /** A comparison or a product with a semicolon is no statement of Java, but it is one of a cell. */
  private static String shown(String statement) {
    boolean call = statement.matches("(?s)[^;{]*\\)\\s*(>=|<=|<|>|==|\\*)\\s[^;={]*;");
    return call && !statement.contains("Object shown") && !statement.matches("(?s)\\s*(var|[A-Z]\\w*|double|boolean|int)(\\[\\])? \\w+ =.*")
        ? "Object shown" + Math.abs(statement.hashCode()) + " = " + statement : statement;
  }

  private static int depth(String text) {
    int depth = 0;
    boolean quoted = false;
    for (int k = 0; k < text.length(); k++) {
      char letter = text.charAt(k);
      if (letter == '"' && (k == 0 || text.charAt(k - 1) != '\\')) {
        quoted = !quoted;
      } else if (!quoted) {
        depth += "([{".indexOf(letter) >= 0 ? 1 : ")]}".indexOf(letter) >= 0 ? -1 : 0;
      }
    }
    return depth;
  }
}
