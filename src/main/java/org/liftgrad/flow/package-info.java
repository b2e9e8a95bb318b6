/** The gradient flow of a shallow network. */
package org.liftgrad.flow;
