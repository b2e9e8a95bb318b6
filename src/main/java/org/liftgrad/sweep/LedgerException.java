package org.liftgrad.sweep;

/**
 * A ledger can no longer be written: the disk is full, a file has grown to its limit, or the disk failed. What was
 * reported finished is kept, and the sweep can be resumed.
 */
public final class LedgerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LedgerException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
