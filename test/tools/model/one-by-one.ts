/**
 * The simulated iPhone, extended by what it leaves to its owner, in a fixed order: failed tasks are run again one after
 * the other, and changes that a new registration may have missed are fetched. iOS's queue of tasks is assumed to work
 * like that.
 */
import type * as Apple from "./apple.ts";

type IPhone = InstanceType<typeof Apple.IPhone>;
export type InstalledPass = IPhone["passes"][number];
type Failure = IPhone["failures"][number];

/**
 * It is not known what iOS does with a pass that it has registered again with a new push token (201). Here it fetches
 * the pass, as after adding it. Otherwise it would miss a change that was made while the pass was not registered, if
 * that change is older than a listed change of another pass of the same device: the list contains only what is newer
 * than its tag.
 */
const ANEW_IS_FETCHED = true;

export type ModelIPhone = InstanceType<ReturnType<typeof oneByOne>>;

/** @param Base from the bundle, which uses the model's clock and random numbers */
export function oneByOne(Base: typeof Apple.IPhone) {
  return class OneByOne extends Base {
    #only: Failure | undefined;

    /** `retryFailed` runs all failed tasks that it sees at once, so it gets only one. */
    override get failures(): Failure[] {
      const only = this.#only;
      return only === undefined ? super.failures : super.failures.filter(({ task }) => task === only.task);
    }

    /** Runs tasks again that have failed at most this often. */
    async retryOneByOne(attempts: number): Promise<void> {
      for (const failure of this.failures.filter((one) => one.attempts <= attempts)) {
        const { task } = failure;
        if (!this.failures.some((one) => one.task === task)) continue;
        // The lists after a new token were answered before this registration existed, and so did not contain this pass.
        if (task.kind === "register") task.listsAfter = true;
        // A pass that was fetched at the same time as the failed list is older than the list that is requested now.
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

    /** Whether it has removed or switched off this pass, but could not notify the server yet. */
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
