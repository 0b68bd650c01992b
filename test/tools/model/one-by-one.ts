/**
 * The simulated iPhone with what it leaves to its owner done in order: failed tasks are run again one after the other,
 * and what a new registration may have missed is fetched. iOS's queue of tasks is taken to work like that.
 */
import type * as Apple from "./apple.ts";

type IPhone = InstanceType<typeof Apple.IPhone>;
export type InstalledPass = IPhone["passes"][number];
type Failure = IPhone["failures"][number];

/**
 * What iOS does with a pass that a new push token has registered anew (201) is not known. Here it fetches the pass, as
 * after adding it. If it does not, a change is missed that was made while the pass was not registered, and that is older
 * than what another pass of the same device was listed with since: the list answers only what is newer than its tag.
 */
const ANEW_IS_FETCHED = true;

export type ModelIPhone = InstanceType<ReturnType<typeof oneByOne>>;

/** @param Base from the bundle, whose clock and chance are the model's */
export function oneByOne(Base: typeof Apple.IPhone) {
  return class OneByOne extends Base {
    #only: Failure | undefined;

    /** `retryFailed` runs all that it sees here at once: so it is shown one. */
    override get failures(): Failure[] {
      const only = this.#only;
      return only === undefined ? super.failures : super.failures.filter(({ task }) => task === only.task);
    }

    /** Runs again what has failed at most so often. */
    async retryOneByOne(attempts: number): Promise<void> {
      for (const failure of this.failures.filter((one) => one.attempts <= attempts)) {
        const { task } = failure;
        if (!this.failures.some((one) => one.task === task)) continue;
        // The lists that a new token leads to came before this registration stood, and did not name this pass.
        if (task.kind === "register") task.listsAfter = true;
        // What was fetched beside the list that failed is older than the list that comes now.
        if (task.kind === "list") delete task.fetchedAnyway;
        this.#only = failure;
        const retried = this.retryFailed();
        this.#only = undefined;
        await retried;
      }
    }

    /** Registers all its passes under this token. */
    async registerAnew(pushToken: string): Promise<void> {
      const { registered } = await this.rotatePushToken(pushToken);
      if (!ANEW_IS_FETCHED) return;
      const anew = new Set(
        registered.filter(({ status }) => status === 201).map(({ serialNumber }) => serialNumber),
      );
      for (const pass of this.passes.filter(({ serialNumber }) => anew.has(serialNumber))) {
        if (this.passes.includes(pass)) await this.refresh(pass);
      }
    }

    /** Whether it has removed or switched off this pass, and could not say so yet. */
    owesUnregistration({
      passTypeIdentifier,
      serialNumber,
    }: Pick<InstalledPass, "passTypeIdentifier" | "serialNumber">) {
      return super.failures.some(
        ({ task }) =>
          task.kind === "unregister" &&
          task.pass.serialNumber === serialNumber &&
          task.pass.passTypeIdentifier === passTypeIdentifier,
      );
    }
  };
}
