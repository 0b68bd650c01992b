/**
 * The four kinds of answers, each with a colour, a shape, a sound and a vibration of its own.
 */

/**
 * - go: let the holder in, or hand out what was asked for
 * - stop: do not
 * - ask: the person decides
 * - unchecked: recorded on this phone, and not known to the server yet
 */
export type Tone = "go" | "stop" | "ask" | "unchecked";
