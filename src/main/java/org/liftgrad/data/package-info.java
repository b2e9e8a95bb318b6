/** Data sets and their laws. */
package org.liftgrad.data;
