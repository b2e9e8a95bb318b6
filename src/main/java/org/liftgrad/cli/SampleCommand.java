package org.liftgrad.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.kernel.Argument;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Numbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code liftgrad sample}: data and the start of a network, exact in law in any dimension without the
 * inputs, and the time that takes.
 */
@Command(
    name = "sample",
    sortOptions = false,
    description = {
      "Draws data and the start of a network without the inputs, exact in law in any dimension,"
          + " and says how long that takes.",
      "",
      "What is drawn is all that the gradient flow needs: the Gram matrix of n inputs, labels, and the"
          + " pre-activations, norms and readout of p neurons with Gaussian weights of variance 1/(3d)"
          + " (that of the papers' uniform ones) and |a| = ‖w‖ + Exp(1).",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:drawn", "2:something given cannot be used; a sentence says what", "130:interrupted by Ctrl-C"})
public final class SampleCommand implements Callable<Integer> {

  private static final int MOST_POINTS = 11_585;
  private static final int MOST_WARM = 1000;

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Option(names = "--points", required = true, paramLabel = "N", converter = PlainNumber.Whole.class,
      description = "How many inputs: 1 to 11585, and at most the dimension.")
  private long points;

  @Option(names = "--dimension", required = true, paramLabel = "D", converter = PlainNumber.Whole.class,
      description = "Their dimension, up to 1e15; may be written as 1e12.")
  private long dimension;

  @Option(names = "--neurons", paramLabel = "P", converter = PlainNumber.Whole.class,
      description = "How many neurons; unless said as many as make a start well initialised with probability 0.95.")
  private Long neurons;

  @Option(names = "--law", paramLabel = "LAW", converter = LawConverter.class, defaultValue = "S",
      description = "S (uniform directions, norms and |labels| uniform on [1, 2]) or gaussian (N(0, I/d)); S unless said.")
  private SubGaussianData law;

  @Option(names = "--seed", paramLabel = "SEED", converter = PlainNumber.Whole.class, defaultValue = "0",
      description = "The same seed draws the same bytes; 0 unless said.")
  private long seed;

  @Option(names = "--warm", paramLabel = "K", converter = PlainNumber.Whole.class, defaultValue = "5",
      description = "Draws K times more, for the time of a JVM that is warm; 5 unless said.")
  private long warm;

  @Option(names = "--eigenvalues", description = "The smallest and largest eigenvalue of the Gram matrix too.")
  private boolean eigenvalues;

  @Option(names = "--output", paramLabel = "DIR",
      description = "Writes gram.npy, labels.npy, preactivations.npy, weight-norms.npy, readout.npy and sample.json there.")
  private Path output;

  private record Sample(Dataset data, ShallowNetwork network) {}

  @Override
  public Integer call() {
    try (Interruption interruption = new Interruption("sample", spec.commandLine().getErr())) {
      try {
        run(interruption);
        return 0;
      } catch (IllegalArgumentException e) {
        if (interruption.requested()) {
          return Interruption.EXIT;
        }
        throw e;
      } catch (OutOfMemoryError e) {
        throw new IllegalArgumentException(
            "--points is " + points + "; it must be fewer for the " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB of this JVM (or set the environment variable JAVA_TOOL_OPTIONS=-Xmx8g, say).", e);
      }
    }
  }

  private void run(Interruption interruption) {
    Argument.require(points >= 1 && points <= MOST_POINTS, "--points", points, "between 1 and " + MOST_POINTS);
    Argument.require(
        dimension >= 1 && dimension <= 1_000_000_000_000_000L, "--dimension", dimension, "between 1 and 1e15");
    Argument.require(points <= dimension, "--points", points, "at most --dimension, which is " + dimension);
    int n = (int) points;
    if (neurons != null) {
      Argument.require(
          neurons >= 1 && neurons <= Dataset.MOST_STORED / n,
          "--neurons", neurons, "between 1 and " + Dataset.MOST_STORED / n + " for " + n + " points");
    }
    Argument.require(warm >= 0 && warm <= MOST_WARM, "--warm", warm, "between 0 and " + MOST_WARM);
    int p = neurons == null ? Width.widthFor(n, 0.05) : neurons.intValue();
    OutputFolder folder =
        output == null
            ? null
            : new OutputFolder(
                "--output", output,
                "gram.npy", "labels.npy", "preactivations.npy", "weight-norms.npy", "readout.npy", "sample.json");
    interruption.spare(folder);

    double[] seconds = new double[(int) warm + 1];
    Sample sample = null;
    for (int k = 0; k < seconds.length; k++) {
      long began = System.nanoTime();
      sample = draw(n, p);
      seconds[k] = (System.nanoTime() - began) * 1e-9;
    }
    print(spec.commandLine().getOut(), sample, seconds);
    if (folder != null) {
      prepare(folder, sample);
      folder.write();
      spec.commandLine().getOut().println("written to " + output);
      spec.commandLine().getOut().flush();
    }
  }

  private Sample draw(int n, int p) {
    Dataset data = law.points(n).dimension(dimension).exactInLaw().seed(seed).build();
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(data)
            .neurons(p)
            .weights(WeightLaw.gaussian(1 / Math.sqrt(3.0 * dimension)))
            .dominantReadout()
            .seed(seed)
            .build();
    return new Sample(data, network);
  }

  private void print(PrintWriter out, Sample sample, double[] seconds) {
    Dataset data = sample.data();
    ShallowNetwork network = sample.network();
    out.println(
        data.points() + " points in dimension " + data.dimension() + ", " + network.neurons()
            + " neurons, seed " + seed + ", exact in law");
    out.println("off-diagonal norm " + Numbers.rounded(data.offDiagonalNorm(), 6));
    if (eigenvalues) {
      out.println(
          "eigenvalues from " + Numbers.rounded(data.smallestEigenvalue(), 6) + " to "
              + Numbers.rounded(data.largestEigenvalue(), 6));
    }
    out.println("well initialised: " + (network.wellInitialised() ? "yes" : "no"));
    out.println("drawn in " + Numbers.rounded(seconds[0], 3) + " s cold" + (warm == 0 ? "" : ", "
        + Numbers.rounded(median(Arrays.copyOfRange(seconds, 1, seconds.length)), 3) + " s warm (median of " + warm + ")"));
    out.flush();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  private static void prepare(OutputFolder folder, Sample sample) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("data", sample.data().provenance().facts());
    facts.put("network", sample.network().provenance().facts());
    double[] norms = sample.network().squaredWeightNorms();
    Arrays.setAll(norms, j -> Math.sqrt(norms[j]));
    folder
        .with("gram.npy", file -> MatrixFiles.writeNpy(file, sample.data().gram()))
        .with("labels.npy", file -> MatrixFiles.writeNpy(file, column(sample.data().labels())))
        .with("preactivations.npy", file -> MatrixFiles.writeNpy(file, sample.network().preactivations()))
        .with("weight-norms.npy", file -> MatrixFiles.writeNpy(file, column(norms)))
        .with("readout.npy", file -> MatrixFiles.writeNpy(file, column(sample.network().readout())))
        .with("sample.json", file -> JsonFile.write(file, facts));
  }

  private static DMatrixRMaj column(double[] values) {
    return DMatrixRMaj.wrap(values.length, 1, values);
  }

  /** {@code S} or {@code gaussian}. */
  static final class LawConverter implements ITypeConverter<SubGaussianData> {
    @Override
    public SubGaussianData convert(String text) {
      return switch (text) {
        case "S" -> SubGaussianData.lawS();
        case "gaussian" -> SubGaussianData.subGaussianData();
        default -> throw new TypeConversionException("it is '" + text + "', but must be S or gaussian");
      };
    }
  }
}
