import type { BuildArn } from "../../../events/ids.ts";

/** The gate's verdict: pass, reject, or require approval. */
export type Judgement = "passed" | "rejected" | "asks";

interface Told {
  readonly build: BuildArn;
  readonly channel: string;
  /** How many approvals the build needs to enter the channel; zero without approvers. */
  readonly required: number;
}

interface Given extends Omit<Told, "required"> {
  readonly person: string;
  readonly verdict: "approved" | "rejected";
}

/**
 * The actual decisions of approvers and the gate, kept outside the ledger: they alone determine what may be shared, so a
 * rule that the functions forget is missed here.
 */
export class Story {
  readonly #judged = new Map<BuildArn, Judgement>();
  readonly #requesters = new Map<BuildArn, string | undefined>();
  readonly #entered = new Map<string, number>();
  readonly #given: Given[] = [];
  readonly #denied = new Set<string>();
  /** Forbidden actions that occurred, in words. */
  readonly wrong = new Set<string>();

  judged(build: BuildArn, judgement: Judgement, requester: string | undefined): void {
    this.#judged.set(build, judgement);
    this.#requesters.set(build, requester);
  }

  /** A promotion, or a manual step, shared the build with the channel's consumers. */
  entered({ build, channel, required }: Told): void {
    const key = `${build} ${channel}`;
    this.#entered.set(key, Math.max(required, this.#entered.get(key) ?? 0));
  }

  /** An approver answers now. */
  answers(given: Given): void {
    this.#given.push(given);
  }

  /** A rejection came before enough approvals. */
  denied({ build, channel }: Pick<Told, "build" | "channel">): void {
    this.#denied.add(`${build} ${channel}`);
  }

  /** Before that, no promotion of it starts: the function that records a build starts it. */
  isJudged(build: BuildArn): boolean {
    return this.#judged.has(build);
  }

  passed(build: BuildArn): boolean {
    return (this.#judged.get(build) ?? "rejected") !== "rejected";
  }

  wasEverFor(build: BuildArn, channel: string): boolean {
    return this.#entered.has(`${build} ${channel}`);
  }

  /** Whether enough approvals exist, one of them not by the requester. */
  enoughAgreed({ build, channel, required }: Told, approvers: readonly string[]): boolean {
    if (required === 0) return true;
    const agreed = new Set(
      this.#given
        .filter((one) => one.build === build && one.channel === channel && one.verdict === "approved")
        .flatMap(({ person }) => (approvers.includes(person) ? [person] : [])),
    );
    return agreed.size >= required && [...agreed].some((person) => person !== this.#requesters.get(build));
  }

  /** Why consumers of a channel must not have a build now; undefined if they may. */
  whyNot(told: Told, approvers: readonly string[]): string | undefined {
    const { build, channel } = told;
    const key = `${build} ${channel}`;
    if (!this.passed(build)) return "its gate did not let it pass";
    if (!this.#entered.has(key)) return "no promotion brought it there";
    if (this.#denied.has(key) && told.required > 0) return "people refused it";
    const asks = this.#judged.get(build) === "asks";
    if (!this.enoughAgreed(told, approvers)) return "people have not agreed";
    if (asks && !this.#given.some((one) => one.build === build && one.verdict === "approved")) {
      return "the gate requires approval, and none was given";
    }
    return undefined;
  }
}
