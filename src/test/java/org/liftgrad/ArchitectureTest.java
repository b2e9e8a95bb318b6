package org.liftgrad;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Holds the house together: arrows point only downwards, and some things are done nowhere. */
@AnalyzeClasses(packages = "org.liftgrad", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] ROOMS = {
    "notebook", "cli", "theorem", "plot", "sweep", "flow", "shallow", "lift", "blueprint", "data", "statistics",
    "kernel"
  };

  @ArchTest
  static final ArchRule arrowsPointDown = downwards();

  private static ArchRule downwards() {
    Architectures.LayeredArchitecture house =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String room : ROOMS) {
      house = house.optionalLayer(room).definedBy("org.liftgrad." + room + "..");
    }
    for (int k = 0; k < ROOMS.length; k++) {
      house =
          k == 0
              ? house.whereLayer(ROOMS[k]).mayNotBeAccessedByAnyLayer()
              : house.whereLayer(ROOMS[k]).mayOnlyBeAccessedByLayers(java.util.Arrays.copyOf(ROOMS, k));
    }
    return house;
  }

  @ArchTest
  static final ArchRule roomsAreKnown =
      classes()
          .should()
          .resideInAnyPackage(
              java.util.Arrays.stream(ROOMS).map(room -> "org.liftgrad." + room + "..").toArray(String[]::new))
          .because("every class lives in a room of the design");

  @ArchTest
  static final ArchRule noCycles = slices().matching("org.liftgrad.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule silence =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.liftgrad.cli..", "org.liftgrad.notebook..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule keyedRandomness =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule sameBitsEverywhere =
      noClasses()
          .should(
              com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere(
                  com.tngtech.archunit.base.DescribedPredicate.describe(
                      "an elementary function of Math, whose last bit is the machine's",
                      call ->
                          call.getTargetOwner().isEquivalentTo(Math.class)
                              && java.util.Set.of(
                                      "exp", "log", "log10", "log1p", "expm1", "pow", "sin", "cos", "tan", "tanh",
                                      "sinh", "cosh", "asin", "acos", "atan", "atan2", "cbrt", "hypot")
                                  .contains(call.getName()))));

  @ArchTest
  static final ArchRule noSerialization =
      noClasses()
          .that()
          .areNotEnums()
          .and()
          .areNotAssignableTo(Throwable.class)
          .should()
          .implement(java.io.Serializable.class);

  @ArchTest
  static final ArchRule noLogging =
      noClasses()
          .that()
          // The kernel's own logger is told to be quiet there.
          .doNotHaveFullyQualifiedName("org.liftgrad.notebook.KernelMain")
          .and()
          // So is that of the bridge to the native BLAS here.
          .haveNameNotMatching("org\\.liftgrad\\.kernel\\.NativeFactor.*")
          .and()
          // And that of the JDK's preferences here.
          .doNotHaveFullyQualifiedName("org.liftgrad.cli.ShellCommand")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.slf4j..", "java.util.logging..", "org.apache.logging..");
}
