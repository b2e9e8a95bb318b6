package org.liftgrad.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.kernel.Version;
import org.sqlite.SQLiteException;

/**
 * A ledger as an SQLite database: what is in it, how it is known, and what SQLite is told. The package guide says why.
 *
 * <p>Tables: {@code ledger} (facts by name), {@code section} (what is run: the plan, keys and figures), {@code session}
 * (who ran it when, and on what), and for each section one table of its name with a row a run.
 */
final class LedgerFile implements AutoCloseable {

  /** At byte 68 of the file: whose database it is. "Lftg" in ASCII. */
  static final int APPLICATION = 0x4C667467;

  /** At byte 60: the version of the format. */
  static final int FORMAT = 1;

  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 100;
  private static final String PRODUCTS = "products";

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE ledger (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
          "CREATE TABLE section (name TEXT PRIMARY KEY, plan TEXT NOT NULL, hash TEXT NOT NULL, keys TEXT NOT NULL,"
              + " figures TEXT NOT NULL) WITHOUT ROWID",
          "CREATE TABLE session (id INTEGER PRIMARY KEY, begun TEXT NOT NULL, section TEXT NOT NULL, hash TEXT NOT NULL,"
              + " executor TEXT NOT NULL, environment TEXT NOT NULL)");

  /**
   * What is run under one name.
   *
   * @param name the name, and that of its table
   * @param plan the plan, or whatever else tells it from others
   * @param keys what tells a run from others, without the replicate
   * @param figures what a run gives
   */
  record Section(String name, String plan, List<Column> keys, List<Column> figures) {

    private String table() {
      return '"' + name.replace("\"", "\"\"") + '"';
    }

    private String create() {
      String all =
          Stream.concat(
                  keys.stream().map(key -> key.quoted() + " " + key.type().sql() + " NOT NULL"),
                  Stream.concat(
                      Stream.of("replicate INTEGER NOT NULL"),
                      figures.stream().map(figure -> figure.quoted() + " " + figure.type().sql())))
              .collect(Collectors.joining(", "));
      String key = Stream.concat(keys.stream().map(Column::quoted), Stream.of("replicate")).collect(Collectors.joining(", "));
      return "CREATE TABLE " + table() + " (" + all + ", failure TEXT, seconds REAL NOT NULL, session INTEGER NOT NULL,"
          + " PRIMARY KEY (" + key + ")) WITHOUT ROWID";
    }

    private String index() {
      return "CREATE INDEX \"failures of " + name.replace("\"", "\"\"") + "\" ON " + table() + " (session) WHERE failure IS NOT NULL";
    }
  }

  private final Path path;
  private final String shown;
  private final Connection connection;

  private LedgerFile(Path path, String shown, Connection connection) {
    this.path = path;
    this.shown = shown;
    this.connection = connection;
  }

  // ---------------------------------------------------------------- making and opening

  /** How sentences call a ledger. */
  static String shown(Path path) {
    return "the ledger " + path;
  }

  /** The file without symbolic links; the ledger itself need not exist. */
  static Path real(Path path) {
    Path whole = path.toAbsolutePath();
    Path parent = whole.getParent() == null ? whole : whole.getParent();
    try {
      return Files.exists(whole) ? whole.toRealPath() : parent.toRealPath().resolve(whole.getFileName());
    } catch (IOException e) {
      throw new IllegalArgumentException(shown(path) + " is in a folder that cannot be found; it must be in an existing one.", e);
    }
  }

  /**
   * Makes a ledger, whole or not at all.
   *
   * @throws IllegalArgumentException where the folder cannot be written
   */
  static void create(LedgerLock lock, List<Section> sections) {
    Path path = lock.ledger();
    String shown = lock.shown();
    Path beside = path.resolveSibling("." + path.getFileName() + "-" + UUID.randomUUID() + ".part");
    try {
      try (Connection connection = connect(beside, "mode=rwc");
          Statement statement = connection.createStatement()) {
        // Until it has its name it is no ledger, and a fault leaves nothing to be saved.
        statement.execute("PRAGMA journal_mode=OFF");
        statement.execute("PRAGMA synchronous=FULL");
        connection.setAutoCommit(false);
        statement.execute("PRAGMA application_id=" + APPLICATION);
        statement.execute("PRAGMA user_version=" + FORMAT);
        for (String table : TABLES) {
          statement.execute(table);
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ledger VALUES (?, ?)")) {
          for (Map.Entry<String, String> fact : facts().entrySet()) {
            insert.setString(1, fact.getKey());
            insert.setString(2, fact.getValue());
            insert.executeUpdate();
          }
        }
        for (Section section : sections) {
          add(connection, section);
        }
        connection.commit();
        connection.setAutoCommit(true);
        statement.execute("PRAGMA journal_mode=WAL");
      }
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (SQLException e) {
      throw fault(shown, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          shown + " cannot be written (" + e.getClass().getSimpleName() + "); its folder must be a writable one.", e);
    } finally {
      for (String end : List.of("", "-wal", "-shm", "-journal")) {
        try {
          Files.deleteIfExists(beside.resolveSibling(beside.getFileName() + end));
        } catch (IOException e) {
          // The sentence of the fault itself says more.
        }
      }
    }
  }

  private static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("liftgrad", Version.current());
    facts.put(PRODUCTS, products());
    return facts;
  }

  /** The path of products that figures are computed on: a ledger never mixes two. */
  static String products() {
    return DenseProducts.asked().name();
  }

  /** Opens a ledger to write to it. */
  static LedgerFile toWrite(LedgerLock lock) {
    Path path = lock.ledger();
    String shown = lock.shown();
    requireLedger(path, shown);
    try {
      Connection connection = connect(path, "mode=rw");
      LedgerFile file = new LedgerFile(path, shown, connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        // Every commit is on the disk before it returns: what is reported finished survives a power cut too.
        statement.execute("PRAGMA synchronous=FULL");
        file.requireWhole(statement);
        file.requireKnownTables(statement);
        return file;
      } catch (SQLException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (SQLException e) {
      throw fault(shown, e);
    }
  }

  /** Opens a ledger to read it, while another process may write to it. */
  static LedgerFile toRead(Path path, String shown) {
    requireLedger(path, shown);
    try {
      try {
        // Reading alone would leave SQLite's two working files behind: it is able to write, and does not.
        return reader(path, shown, "mode=rw");
      } catch (SQLException e) {
        if (!isUnwritable(e)) {
          throw e;
        }
        // In a folder that cannot be written nobody changes it.
        return reader(path, shown, "mode=ro&immutable=1");
      }
    } catch (SQLException e) {
      throw fault(shown, e);
    }
  }

  private static LedgerFile reader(Path path, String shown, String how) throws SQLException {
    Connection connection = connect(path, how);
    LedgerFile file = new LedgerFile(path, shown, connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only=ON");
      file.requireKnownTables(statement);
      // One state of the ledger, however long the reading takes.
      connection.setAutoCommit(false);
      return file;
    } catch (SQLException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Connection connect(Path path, String how) throws SQLException {
    SqliteLibrary.prepare();
    // The path as a URI: a question mark or a per cent sign in a name is part of the name.
    Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + path.toUri().getRawPath() + "?" + how);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      // A ledger is data, wherever it comes from: it makes SQLite run nothing.
      statement.execute("PRAGMA trusted_schema=OFF");
      statement.execute("PRAGMA cell_size_check=ON");
    }
    return connection;
  }

  /** Looks at the first bytes, before SQLite may touch the file. */
  private static void requireLedger(Path path, String shown) {
    byte[] header;
    try (var in = Files.newInputStream(path)) {
      header = in.readNBytes(HEADER);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          shown + " cannot be read (" + e.getClass().getSimpleName() + "); it must be the file of a sweep that was begun.", e);
    }
    boolean database = header.length == HEADER && Arrays.equals(header, 0, SQLITE.length, SQLITE, 0, SQLITE.length);
    if (!database || ByteBuffer.wrap(header).getInt(68) != APPLICATION) {
      throw new IllegalArgumentException(shown + " is not a ledger; it must be the file of a sweep that was begun.");
    }
    int format = ByteBuffer.wrap(header).getInt(60);
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          shown + " has format " + format + "; it must be " + FORMAT + ", which this version of Liftgrad reads.");
    }
  }

  /** Refuses a database whose pages do not fit together. */
  void requireWhole() {
    read(
        statement -> {
          requireWhole(statement);
          return Boolean.TRUE;
        });
  }

  private void requireWhole(Statement statement) throws SQLException {
    try (ResultSet answer = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!answer.next() || !answer.getString(1).equals("ok")) {
        throw damaged();
      }
    }
  }

  /** The tables must be those that we would make, and there must be nothing else, such as a trigger. */
  private void requireKnownTables(Statement statement) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet answer =
        statement.executeQuery("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL OR type NOT IN ('index', 'table')")) {
      while (answer.next()) {
        found.add(String.valueOf(answer.getString(1)));
      }
    }
    if (!found.containsAll(TABLES)) {
      throw damaged();
    }
    List<String> known = new ArrayList<>(TABLES);
    for (Section section : sections()) {
      known.add(section.create());
      known.add(section.index());
    }
    if (!new TreeSet<>(found).equals(new TreeSet<>(known))) {
      throw damaged();
    }
  }

  private IllegalArgumentException damaged() {
    return new IllegalArgumentException(shown + " is damaged; it must be whole: take a copy of before, or begin anew.");
  }

  // ---------------------------------------------------------------- what is in it

  /** A fact by its name. */
  String fact(String name) {
    return text("SELECT value FROM ledger WHERE name = ?", name).orElseThrow(this::damaged);
  }

  /** Refuses to mix two paths of products. */
  void requireSameProducts() {
    Argument.require(
        fact(PRODUCTS).equals(products()), "the path of products", products(), fact(PRODUCTS) + ", as in " + shown
            + " (-Dliftgrad.products says which)");
  }

  /** The sections, by name. */
  List<Section> sections() {
    return read(
        statement -> {
          List<Section> sections = new ArrayList<>();
          try (ResultSet answer = statement.executeQuery("SELECT name, plan, hash, keys, figures FROM section ORDER BY name")) {
            while (answer.next()) {
              if (!PlanText.sha256(answer.getString(2)).equals(answer.getString(3))) {
                throw damaged();
              }
              sections.add(
                  new Section(
                      answer.getString(1), answer.getString(2), PlanText.parseColumns(answer.getString(4)),
                      PlanText.parseColumns(answer.getString(5))));
            }
          }
          return sections;
        });
  }

  Optional<Section> section(String name) {
    return sections().stream().filter(section -> section.name().equals(name)).findFirst();
  }

  /** Adds a section. */
  void add(Section section) {
    try {
      connection.setAutoCommit(false);
      add(connection, section);
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  private static void add(Connection connection, Section section) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO section VALUES (?, ?, ?, ?, ?)");
        Statement statement = connection.createStatement()) {
      insert.setString(1, section.name());
      insert.setString(2, section.plan());
      insert.setString(3, PlanText.sha256(section.plan()));
      insert.setString(4, PlanText.columns(section.keys()));
      insert.setString(5, PlanText.columns(section.figures()));
      insert.executeUpdate();
      statement.execute(section.create());
      statement.execute(section.index());
    }
  }

  /** Replaces the plan of a section by one that adds to it. */
  void extend(Section section, String plan) {
    try (PreparedStatement update = connection.prepareStatement("UPDATE section SET plan = ?, hash = ? WHERE name = ?")) {
      update.setString(1, plan);
      update.setString(2, PlanText.sha256(plan));
      update.setString(3, section.name());
      update.executeUpdate();
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  /** Notes who begins to write, and returns the number of this session. */
  long beginSession(Section section, String executor) {
    try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO session (begun, section, hash, executor, environment) VALUES (?, ?, ?, ?, ?)");
        Statement statement = connection.createStatement()) {
      insert.setString(1, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
      insert.setString(2, section.name());
      insert.setString(3, PlanText.sha256(section.plan()));
      insert.setString(4, executor);
      insert.setString(5, Provenance.none().withMachine().toString());
      insert.executeUpdate();
      try (ResultSet answer = statement.executeQuery("SELECT last_insert_rowid()")) {
        answer.next();
        return answer.getLong(1);
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  List<LedgerStatus.Session> sessions() {
    return read(
        statement -> {
          List<LedgerStatus.Session> sessions = new ArrayList<>();
          try (ResultSet answer = statement.executeQuery("SELECT begun, executor, environment FROM session ORDER BY id")) {
            while (answer.next()) {
              sessions.add(
                  new LedgerStatus.Session(Instant.parse(answer.getString(1)), answer.getString(2), answer.getString(3)));
            }
          }
          return sessions;
        });
  }

  /** How many runs of a section are in it. */
  record Count(long rows, long failed, double seconds) {}

  Count count(Section section) {
    return read(
        statement -> {
          long failed;
          try (ResultSet answer = statement.executeQuery("SELECT count(*) FROM " + section.table() + " WHERE failure IS NOT NULL")) {
            answer.next();
            failed = answer.getLong(1);
          }
          try (ResultSet answer = statement.executeQuery("SELECT count(*), total(seconds) FROM " + section.table())) {
            answer.next();
            return new Count(answer.getLong(1), failed, answer.getDouble(2));
          }
        });
  }

  /** Takes a row of a query. */
  interface RowReader {
    void row(ResultSet row) throws SQLException;
  }

  /** Goes through the rows of a section in the order of its keys and replicates: some columns, and whether to take failed ones. */
  void forEach(Section section, List<String> columns, boolean failedToo, RowReader reader) {
    String what = columns.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    String order =
        Stream.concat(section.keys().stream().map(Column::quoted), Stream.of("replicate")).collect(Collectors.joining(", "));
    read(
        statement -> {
          try (ResultSet answer =
              statement.executeQuery(
                  "SELECT " + what + " FROM " + section.table() + (failedToo ? "" : " WHERE failure IS NULL") + " ORDER BY " + order)) {
            while (answer.next()) {
              reader.row(answer);
            }
          }
          return Boolean.TRUE;
        });
  }

  /** A value of a query in its one form; a figure that is NULL is NaN. */
  static Object value(ResultSet row, int column, Type type) throws SQLException {
    return switch (type) {
      case WHOLE -> row.getLong(column);
      case NUMBER -> {
        double number = row.getDouble(column);
        yield row.wasNull() ? Double.NaN : number;
      }
      case TEXT -> row.getString(column);
      case YES_OR_NO -> row.getLong(column) != 0;
    };
  }

  /** A statement that adds a row, or replaces one that failed. */
  PreparedStatement insertion(Section section, boolean replacing) throws SQLException {
    int places = section.keys().size() + 1 + section.figures().size() + 3;
    return connection.prepareStatement(
        "INSERT " + (replacing ? "OR REPLACE " : "") + "INTO " + section.table() + " VALUES ("
            + String.join(", ", java.util.Collections.nCopies(places, "?")) + ")");
  }

  /** A query for the figures and the failure of one run by its keys and replicate. */
  PreparedStatement lookup(Section section) throws SQLException {
    String what =
        Stream.concat(section.figures().stream().map(Column::quoted), Stream.of("failure")).collect(Collectors.joining(", "));
    String where =
        Stream.concat(section.keys().stream().map(Column::quoted), Stream.of("replicate"))
            .map(key -> key + " = ?")
            .collect(Collectors.joining(" AND "));
    return connection.prepareStatement("SELECT " + what + " FROM " + section.table() + " WHERE " + where);
  }

  static void bind(PreparedStatement statement, int place, Object value) throws SQLException {
    if (value instanceof Long whole) {
      statement.setLong(place, whole);
    } else if (value instanceof Double number) {
      statement.setDouble(place, number);
    } else if (value instanceof Boolean answer) {
      statement.setLong(place, answer ? 1 : 0);
    } else {
      statement.setString(place, (String) value);
    }
  }

  Connection connection() {
    return connection;
  }

  /** The size of the database, in bytes. */
  long size() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  String shown() {
    return shown;
  }

  // ---------------------------------------------------------------- faults

  private interface Question<T> {
    T ask(Statement statement) throws SQLException;
  }

  private <T> T read(Question<T> question) {
    try (Statement statement = connection.createStatement()) {
      return question.ask(statement);
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  private Optional<String> text(String query, String name) {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() ? Optional.of(answer.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw fault(e);
    }
  }

  private static boolean isUnwritable(SQLException e) {
    int code = code(e);
    return code == READONLY || code == CANTOPEN || code == PERM;
  }

  // SQLite's result codes; the upper bits say more about the same.
  private static final int PERM = 3;
  private static final int BUSY = 5;
  private static final int READONLY = 8;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOT_A_DATABASE = 26;

  private static int code(SQLException e) {
    return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xFF : 0;
  }

  RuntimeException fault(SQLException e) {
    return fault(shown, e);
  }

  /** What SQLite says, as a sentence: a refusal where the file is to blame, else the end of writing. */
  private static RuntimeException fault(String shown, SQLException e) {
    return switch (code(e)) {
      case CORRUPT, NOT_A_DATABASE ->
          new IllegalArgumentException(shown + " is damaged; it must be whole: take a copy of before, or begin anew.", e);
      case PERM, READONLY, CANTOPEN ->
          new IllegalArgumentException(shown + " cannot be written; it and its folder must be writable.", e);
      case BUSY -> new LedgerException(shown + " is locked by another program that has opened it.", e);
      case FULL -> new LedgerException(shown + " cannot be written any more: the disk, or the file, is full.", e);
      case IOERR -> new LedgerException(
          shown + " cannot be written or read any more: the disk is full or failed, or the file has grown to its limit.", e);
      default -> new LedgerException(shown + ": SQLite says: " + e.getMessage(), e);
    };
  }

  @Override
  public void close() {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.close();
    } catch (SQLException e) {
      throw fault(e);
    }
  }
}
