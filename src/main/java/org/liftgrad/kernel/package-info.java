/** Keyed random streams, argument checks, and the CPU kernels on EJML matrices. */
package org.liftgrad.kernel;
