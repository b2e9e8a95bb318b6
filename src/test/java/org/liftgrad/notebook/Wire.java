package org.liftgrad.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A small Jupyter client: starts the kernel as its kernel.json says and speaks to its five ports. */
final class Wire implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DELIMITER = "<IDS|MSG>";
  private static final int PATIENCE_MILLIS = 60_000;

  /** A message that came in. */
  record Message(String type, JsonNode content, String parent) {}

  /** What a request led to: the reply, and all that was published until the kernel was idle again. */
  record Answer(JsonNode reply, List<Message> published) {
    List<JsonNode> all(String type) {
      return published.stream().filter(m -> m.type().equals(type)).map(Message::content).toList();
    }

    JsonNode one(String type) {
      List<JsonNode> found = all(type);
      if (found.size() != 1) {
        throw new AssertionError("one " + type + " expected in " + published);
      }
      return found.get(0);
    }
  }

  private final String key = UUID.randomUUID().toString();
  private final String session = UUID.randomUUID().toString();
  private final ZMQ.Context context = ZMQ.context(1);
  private final ZMQ.Socket shell = context.socket(SocketType.DEALER);
  private final ZMQ.Socket control = context.socket(SocketType.DEALER);
  private final ZMQ.Socket stdin = context.socket(SocketType.DEALER);
  private final ZMQ.Socket iopub = context.socket(SocketType.SUB);
  private final ZMQ.Socket heartbeat = context.socket(SocketType.REQ);
  private final ProcessBuilder start;
  private Process process;

  Wire(Path kernels, Path scratch) throws IOException {
    int[] ports = new int[5];
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) { // held together, so that the five differ
      held.add(new ServerSocket(0));
      ports[i] = held.get(i).getLocalPort();
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    ObjectNode connection = JSON.createObjectNode().put("ip", "127.0.0.1").put("transport", "tcp")
        .put("signature_scheme", "hmac-sha256").put("key", key).put("kernel_name", "liftgrad")
        .put("shell_port", ports[0]).put("control_port", ports[1]).put("stdin_port", ports[2])
        .put("iopub_port", ports[3]).put("hb_port", ports[4]);
    Path file = scratch.resolve("connection.json");
    Files.writeString(file, connection.toString());

    JsonNode specification = JSON.readTree(kernels.resolve("kernel.json").toFile());
    List<String> command = new ArrayList<>();
    specification.get("argv").forEach(word -> command.add(word.asText()
        .replace("{resource_dir}", kernels.toString()).replace("{connection_file}", file.toString())));
    ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile())
        .redirectErrorStream(true).redirectOutput(scratch.resolve("kernel.log").toFile());
    builder.environment().put("LIFTGRAD_BUILT", "yes"); // we run inside the build
    builder.environment().remove("CI");
    start = builder;
    process = builder.start();

    ZMQ.Socket[] sockets = {shell, control, stdin, iopub, heartbeat};
    for (int i = 0; i < sockets.length; i++) {
      sockets[i].setReceiveTimeOut(PATIENCE_MILLIS);
      sockets[i].setLinger(0);
      sockets[i].connect("tcp://127.0.0.1:" + ports[i]);
    }
    iopub.subscribe(new byte[0]);
  }

  /** Waits until the kernel answers and its publications reach us: a subscriber that joins late misses the first. */
  void awaitReady() {
    for (int attempt = 0; attempt < 600; attempt++) {
      String id = send(shell, "kernel_info_request", JSON.createObjectNode());
      receive(shell, id);
      iopub.setReceiveTimeOut(100);
      Message first = receiveAny(iopub);
      iopub.setReceiveTimeOut(PATIENCE_MILLIS);
      if (first != null) {
        drain();
        return;
      }
    }
    throw new AssertionError("nothing was ever published");
  }

  Answer execute(String code) {
    return await(startExecuting(code));
  }

  String startExecuting(String code) {
    return send(shell, "execute_request", JSON.createObjectNode().put("code", code).put("silent", false)
        .put("store_history", true).put("allow_stdin", false).put("stop_on_error", true));
  }

  Answer await(String id) {
    List<Message> published = new ArrayList<>();
    while (true) {
      Message message = receiveAny(iopub);
      if (message == null) {
        throw new AssertionError("no answer within " + PATIENCE_MILLIS + " ms; so far: " + published);
      }
      if (!message.parent().equals(id)) {
        continue;
      }
      if (message.type().equals("status") && message.content().get("execution_state").asText().equals("idle")) {
        return new Answer(receive(shell, id), published);
      }
      published.add(message);
    }
  }

  JsonNode ask(String type, ObjectNode content) {
    return receive(shell, send(shell, type, content));
  }

  JsonNode askControl(String type) {
    return receive(control, send(control, type, JSON.createObjectNode().put("restart", false)));
  }

  /** As Jupyter restarts a kernel: asks the old one to go, and starts another on the same connection file. */
  JsonNode restart() throws IOException, InterruptedException {
    JsonNode reply = receive(control, send(control, "shutdown_request", JSON.createObjectNode().put("restart", true)));
    if (!endsWithin(20)) {
      throw new AssertionError("the kernel did not end within 20 s");
    }
    process = start.start();
    awaitReady();
    return reply;
  }

  boolean heartbeatAnswers() {
    heartbeat.send("ping");
    return "ping".equals(heartbeat.recvStr());
  }

  boolean endsWithin(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  private void drain() {
    iopub.setReceiveTimeOut(100);
    while (receiveAny(iopub) != null) {
      // the rest of the start
    }
    iopub.setReceiveTimeOut(PATIENCE_MILLIS);
  }

  private String send(ZMQ.Socket socket, String type, ObjectNode content) {
    String id = UUID.randomUUID().toString();
    String header = JSON.createObjectNode().put("msg_id", id).put("session", session).put("username", "test")
        .put("date", java.time.Instant.now().toString()).put("msg_type", type).put("version", "5.3").toString();
    String[] parts = {header, "{}", "{}", content.toString()};
    socket.sendMore(DELIMITER);
    socket.sendMore(sign(parts));
    for (int i = 0; i < parts.length; i++) {
      socket.send(parts[i], i < parts.length - 1 ? ZMQ.SNDMORE : 0);
    }
    return id;
  }

  private JsonNode receive(ZMQ.Socket socket, String id) {
    while (true) {
      Message message = receiveAny(socket);
      if (message == null) {
        throw new AssertionError("no reply within " + PATIENCE_MILLIS + " ms");
      }
      if (message.parent().equals(id)) {
        return message.content();
      }
    }
  }

  private Message receiveAny(ZMQ.Socket socket) {
    String part = socket.recvStr();
    while (part != null && !part.equals(DELIMITER)) {
      part = socket.recvStr();
    }
    if (part == null) {
      return null;
    }
    String signature = socket.recvStr();
    String[] parts = {socket.recvStr(), socket.recvStr(), socket.recvStr(), socket.recvStr()};
    while (socket.hasReceiveMore()) {
      socket.recv();
    }
    if (!sign(parts).equals(signature)) {
      throw new AssertionError("a message with a wrong signature: " + parts[0]);
    }
    try {
      JsonNode parent = JSON.readTree(parts[1]).path("msg_id");
      return new Message(JSON.readTree(parts[0]).get("msg_type").asText(), JSON.readTree(parts[3]), parent.asText());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String sign(String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      for (String part : parts) {
        mac.update(part.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    for (ZMQ.Socket socket : List.of(shell, control, stdin, iopub, heartbeat)) {
      socket.close();
    }
    context.close();
  }
}
