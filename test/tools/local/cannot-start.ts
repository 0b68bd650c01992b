/** Why nothing was started, in words for who typed the command. No stack is wanted with it. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}
