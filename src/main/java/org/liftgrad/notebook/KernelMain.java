package org.liftgrad.notebook;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the notebook kernel; Jupyter calls it as {@code environment/jupyter/kernels/liftgrad/kernel.json} says. */
public final class KernelMain {
  private KernelMain() {}

  /**
   * Connects a kernel and serves until Jupyter shuts it down.
   *
   * @param arguments one: the path of Jupyter's connection file
   * @throws Exception if the ports of the connection file cannot be opened
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println("The kernel takes one argument, Jupyter's connection file; environment/lab starts it.");
      System.exit(2);
    }
    String connectionFile;
    try {
      connectionFile = Files.readString(Path.of(arguments[0]));
    } catch (IOException e) {
      System.err.println("The connection file " + arguments[0] + " cannot be read.");
      System.exit(2);
      return;
    }
    Logger.getLogger("").setLevel(Level.WARNING); // each start would fill the reader's terminal with loop messages
    JupyterConnection connection = new JupyterConnection(KernelConnectionProperties.parse(connectionFile));
    NotebookKernel kernel = new NotebookKernel(Displays.standard());
    kernel.install();
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    connection.waitUntilClose();
    System.exit(0); // a cell's own threads must not keep a kernel alive that nobody can talk to
  }
}
