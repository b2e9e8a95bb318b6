package org.liftgrad.notebook;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the library says of its own types and methods, for the signatures that a reader asks about in a notebook. JShell
 * knows signatures only; the sentences stand in the sources, which are beside the kernel.
 */
final class SourceDocumentation {

  private final Path sources;

  /**
   * Documentation from sources.
   *
   * @param sources the folder that has the packages; where it has none, nothing is known
   */
  SourceDocumentation(Path sources) {
    this.sources = sources;
  }

  /**
   * What is said of a method, a type, or the type of a variable.
   *
   * @param signature as JShell has it: {@code network:org.liftgrad.shallow.ShallowNetwork}, {@code Figure Figure.logY()}
   * @return in plain text, a paragraph after the other; empty where nothing is known
   */
  Optional<String> of(String signature) {
    int opening = signature.indexOf('(');
    String named = (opening < 0 ? signature : signature.substring(0, opening)).replaceAll("<[^<>]*>", "").strip();
    named = named.substring(Math.max(named.lastIndexOf(' '), named.lastIndexOf(':')) + 1);
    String owner = opening < 0 || !named.contains(".") ? named : named.substring(0, named.lastIndexOf('.'));
    Optional<String> method = opening < 0 || owner.equals(named) ? Optional.empty() : Optional.of(named.substring(owner.length() + 1));
    List<String> parameters = opening < 0 ? List.of() : parameters(signature.substring(opening + 1, Math.max(opening + 1, signature.lastIndexOf(')'))));
    try {
      for (Path file : files(owner)) {
        Optional<String> found = read(file, owner.substring(owner.lastIndexOf('.') + 1), method, parameters);
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (IOException e) {
      return Optional.empty(); // no sources, nothing to say
    }
    return Optional.empty();
  }

  /** The names of parameters, the last word of each; commas within angle brackets part no parameters. */
  private static List<String> parameters(String list) {
    List<String> names = new ArrayList<>();
    String flat = list;
    while (flat.contains("<")) {
      String next = flat.replaceAll("<[^<>]*>", "");
      if (next.equals(flat)) {
        break;
      }
      flat = next;
    }
    for (String each : flat.split(",")) {
      String parameter = each.strip();
      if (!parameter.isEmpty()) {
        names.add(parameter.substring(parameter.lastIndexOf(' ') + 1));
      }
    }
    return names;
  }

  /** Where a type may be: by its full name or that of a type around it, or by its short name in any room. */
  private List<Path> files(String type) throws IOException {
    for (String name = type; name.contains("."); name = name.substring(0, name.lastIndexOf('.'))) {
      Path file = sources.resolve(name.replace('.', '/') + ".java");
      if (Files.isRegularFile(file)) {
        return List.of(file);
      }
    }
    String outermost = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
    if (!Files.isDirectory(sources) || !outermost.matches("\\w+")) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(sources)) {
      return all.filter(file -> file.endsWith(outermost + ".java")).sorted().toList();
    }
  }

  private static Optional<String> read(Path file, String type, Optional<String> method, List<String> parameters) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      return Optional.empty();
    }
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavacTask task = (JavacTask) compiler.getTask(null, manager, problem -> { }, List.of("-proc:none"), null, manager.getJavaFileObjects(file));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        Search search = new Search(type, method, parameters);
        search.scan(unit, null);
        DocCommentTree comment = search.found == null ? null : trees.getDocCommentTree(search.found);
        if (comment != null) {
          return Optional.of(text(comment));
        }
      }
      return Optional.empty();
    }
  }

  /** Looks for the type, or for the method of the type whose parameters have these names, or else as many. */
  private static final class Search extends TreePathScanner<Void, Void> {
    private final String type;
    private final Optional<String> method;
    private final List<String> parameters;
    private TreePath found;
    private boolean exactly;

    Search(String type, Optional<String> method, List<String> parameters) {
      this.type = type;
      this.method = method;
      this.parameters = parameters;
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
      if (method.isEmpty() && found == null && tree.getSimpleName().contentEquals(type)) {
        found = getCurrentPath();
      }
      return super.visitClass(tree, nothing);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void nothing) {
      Tree around = getCurrentPath().getParentPath().getLeaf();
      boolean here = around instanceof ClassTree owner && owner.getSimpleName().contentEquals(type);
      if (here && method.isPresent() && tree.getName().contentEquals(method.get()) && !exactly) {
        List<String> names = tree.getParameters().stream().map(each -> each.getName().toString()).toList();
        exactly = names.equals(parameters);
        if (exactly || found == null && names.size() == parameters.size()) {
          found = getCurrentPath();
        }
      }
      return super.visitMethod(tree, nothing);
    }
  }

  // ---- a comment as plain text

  private static String text(DocCommentTree comment) {
    StringBuilder text = new StringBuilder(paragraphs(words(comment.getFullBody())));
    for (DocTree tag : comment.getBlockTags()) {
      if (tag instanceof ParamTree parameter && !parameter.isTypeParameter()) {
        text.append("\n  ").append(parameter.getName()).append(": ").append(line(words(parameter.getDescription())));
      } else if (tag instanceof ReturnTree returned) {
        text.append("\n  returns ").append(line(words(returned.getDescription())));
      } else if (tag instanceof ThrowsTree thrown) {
        text.append("\n  ").append(thrown.getExceptionName()).append(' ').append(line(words(thrown.getDescription())));
      }
    }
    return text.toString().strip();
  }

  private static String words(Collection<? extends DocTree> trees) {
    StringBuilder words = new StringBuilder();
    for (DocTree tree : trees) {
      if (tree instanceof TextTree text) {
        words.append(text.getBody());
      } else if (tree instanceof LiteralTree literal) {
        words.append(literal.getBody().getBody());
      } else if (tree instanceof LinkTree link) {
        words.append(link.getLabel().isEmpty() ? link.getReference().getSignature().replaceFirst("^#", "") : words(link.getLabel()));
      } else if (tree instanceof EntityTree entity) {
        words.append(switch (entity.getName().toString()) {
          case "lt" -> "<";
          case "gt" -> ">";
          case "amp" -> "&";
          default -> " ";
        });
      } else if (tree instanceof StartElementTree element) {
        words.append(switch (element.getName().toString()) {
          case "p", "ul", "pre" -> "\n\n";
          case "li" -> "\n– ";
          default -> "";
        });
      }
    }
    return words.toString();
  }

  private static String line(String words) {
    return words.replaceAll("\\s+", " ").strip();
  }

  /** Lines of a paragraph are joined; those of an example, which are indented or end in brackets, are kept. */
  private static String paragraphs(String words) {
    return Stream.of(words.split("\n\\s*\n"))
        .map(each -> each.contains(";\n") || each.contains(")\n") || each.contains("– ") ? each.strip() : line(each))
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }
}
