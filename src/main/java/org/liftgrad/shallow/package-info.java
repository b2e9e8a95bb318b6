/** One-hidden-layer networks and their starts. */
package org.liftgrad.shallow;
