/**
 * The reason why nothing was started, in words for the person who typed the command. It is printed without a stack
 * trace.
 */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}
