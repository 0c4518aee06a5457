import type { Trigger } from "../../events/build.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { FoldAlike, FoldIgnored } from "./fold-alike.ts";
import { count, type Said, sayTrigger, shortBuild, shortTexts, withoutArns } from "./short-texts.ts";
import type { StoryLine } from "./story-line.ts";

type Detail = FactoryEvent["detail"];

/** Events that a later line includes, or that only `--verbose` prints. */
const FOLDED = new Set([
  "package.updated",
  "base.updated",
  "build.available",
  "gate.passed",
  "approval.given",
  "leftovers.removed",
  "CreateAccountResult",
]);

/** Events with which a promotion is over, or without which it would continue. */
const ENDS = new Set([
  "approval.denied",
  "approval.expired",
  "promotion.superseded",
  "promotion.failed",
  "build.revoked",
]);

/** Within this time a revocation follows its moves. */
const MINUTE = 60_000;

interface Promotion {
  readonly time: string;
  readonly detail: Detail;
  /** Those entered, in their order. */
  readonly channels: readonly string[];
  readonly text: string;
}

/**
 * Events as the lines of a story: a promotion through all channels with its approval and shares is one line, a roll-out
 * another. What may still be folded is kept until the next event, a promotion until it is over.
 */
export class EventFold {
  readonly #channelsOf: (image: string) => readonly string[];
  /** By build and channel: the regions in which it is shared, and in which it was verified as a consumer. */
  readonly #shares = new Map<string, { readonly shared: Set<string>; readonly verified: Set<string> }>();
  /** By build: it entered a channel, and has further ones ahead. */
  readonly #promotions = new Map<string, Promotion>();
  /** Builds whose failing promotion a line explains. */
  readonly #explained = new Set<string>();
  /** By build and channel; with the approvers once it is granted. */
  readonly #approvals = new Map<string, { readonly time: string; readonly detail: Detail; readonly by?: string }>();
  /** The images of builds. */
  readonly #images = new Map<string, string>();
  /** Moves to an earlier build: a revocation's line includes them. */
  #back: { readonly channel: string; readonly line: StoryLine }[] = [];
  readonly #ignored = new FoldIgnored();
  readonly #alike = new FoldAlike();

  /** @param channelsOf the channels of an image in their order */
  constructor(channelsOf: (image: string) => readonly string[]) {
    this.#channelsOf = channelsOf;
  }

  push(event: FactoryEvent): StoryLine[] {
    const { time, detailType, detail } = event;
    try {
      const { build, image } = detail;
      if (typeof build === "string" && typeof image === "string") this.#images.set(build, image);
      return [...this.#release(event), ...this.#fold(event)].flatMap((line) => this.#alike.push(line));
    } catch (cause) {
      return [lineOf(time, { image: detail.image }, { label: detailType, text: `malformed: ${cause}`, tone: "red" })];
    }
  }

  /** What is left: promotions that are not over, approvals without an answer. */
  end(): StoryLine[] {
    const waiting = [...this.#approvals.values()].flatMap(({ time, detail, by }) => {
      const label = `waits for an approval for ${detail.channel}`;
      return by === undefined ? [this.#endOf(time, detail, { label, tone: "yellow" })] : [];
    });
    const promotions = [...this.#promotions.values()].map(({ time, detail, channels, text }) =>
      lineOf(time, detail, { label: sayChannels(channels), text, tone: "green" }),
    );
    this.#approvals.clear();
    this.#promotions.clear();
    const lines = [...this.#ignored.release(), ...this.#releaseBack(), ...waiting, ...promotions];
    return [...lines.flatMap((line) => this.#alike.push(line)), ...this.#alike.release()];
  }

  #fold(event: FactoryEvent): StoryLine[] {
    const { time, detailType, detail } = event;
    const name = typeof detail.eventName === "string" ? detail.eventName : detailType;
    const build = String(detail.build);
    const key = `${build} ${detail.channel}`;
    switch (name) {
      case "image.shared":
        this.#sharesOf(key).shared.add(String(detail.region));
        return [];
      case "share.verified":
        this.#sharesOf(key).verified.add(String(detail.region));
        return [];
      case "share.failed":
        this.#explained.add(build);
        break;
      case "approval.requested":
        if (!this.#approvals.has(key)) this.#approvals.set(key, { time, detail });
        return [];
      case "approval.granted":
        this.#approvals.set(key, { time, detail, by: approversIn(detail) });
        return [];
      case "approval.denied":
      case "approval.expired":
      case "promotion.superseded":
        this.#approvals.delete(key);
        break;
      case "promotion.failed":
        if (!this.#explained.delete(build)) break;
        return [this.#endOf(time, detail, { label: "promotion failed", text: "no channel moved", tone: "red" })];
      case "channel.moved":
        return this.#move(time, detail, key);
      case "trigger.suppressed":
        return this.#hold(event);
    }
    if (FOLDED.has(name) || name.startsWith("EC2 Auto Scaling")) return [];
    const say = Object.hasOwn(shortTexts, name) ? shortTexts[name] : undefined;
    const said = say?.(this.#named(detail)) ?? { label: name, tone: "dim" };
    return [ENDS.has(name) ? this.#endOf(time, detail, said) : lineOf(time, detail, said)];
  }

  /** The build that a revocation is because of, by its image. */
  #named(detail: Detail): Detail {
    const image = typeof detail.because === "string" && this.#images.get(detail.because);
    return image ? { ...detail, because: `${image} ${shortBuild(detail.because)}` } : detail;
  }

  /** With the channels that the build has entered before. */
  #endOf(time: string, detail: Detail, said: Said): StoryLine {
    const promotion = this.#promotions.get(String(detail.build));
    this.#promotions.delete(String(detail.build));
    const label = promotion ? `${sayChannels(promotion.channels)}, ${said.label}` : said.label;
    return lineOf(time, detail, { ...said, label });
  }

  #sharesOf(key: string) {
    const found = this.#shares.get(key) ?? { shared: new Set<string>(), verified: new Set<string>() };
    this.#shares.set(key, found);
    return found;
  }

  #move(time: string, detail: Detail, key: string): StoryLine[] {
    const channel = String(detail.channel);
    if (typeof detail.because === "string") {
      const label = `${channel} back at ${shortBuild(detail.build)}`;
      const line = lineOf(time, { image: detail.image }, { label, text: detail.because, tone: "yellow" });
      this.#back.push({ channel, line });
      return [];
    }
    const { shared, verified } = this.#sharesOf(key);
    this.#shares.delete(key);
    const by = this.#approvals.get(key)?.by;
    this.#approvals.delete(key);
    const behind = (detail.behind ?? []) as { region: string; why: string }[];
    const text = [
      ...(by ? [`${by} approved`] : []),
      ...sayShares(shared.size, verified.size),
      ...behind.map(({ region, why }) => `${region} behind: ${withoutArns(why)}`),
    ].join(", ");
    const build = String(detail.build);
    const channels = [...(this.#promotions.get(build)?.channels ?? []), channel];
    if (this.#channelsOf(String(detail.image)).at(-1) !== channel) {
      this.#promotions.set(build, { time, detail, channels, text });
      return [];
    }
    this.#promotions.delete(build);
    return [lineOf(time, detail, { label: sayChannels(channels), text, tone: "green" })];
  }

  #hold(event: FactoryEvent): StoryLine[] {
    const { time, detail } = event;
    if (detail.decision === "never") return this.#ignored.push(event);
    const reasons = (detail.triggers as Trigger[]).map(sayTrigger).join("; ");
    return [
      lineOf(time, detail, { label: "waits", text: withoutArns(`${detail.reason}; ${reasons}`), tone: "yellow" }),
    ];
  }

  /** The lines kept so far that the event does not belong to. */
  #release({ time, detailType, detail }: FactoryEvent): StoryLine[] {
    const earlier = this.#back.some(({ line }) => Date.parse(time) - Date.parse(line.time) > MINUTE)
      ? this.#releaseBack()
      : [];
    const ignored = detailType === "trigger.suppressed" && detail.decision === "never" ? [] : this.#ignored.release();
    if (detailType === "build.revoked") {
      const changed = new Set((detail.channels as { channel: string }[]).map(({ channel }) => channel));
      this.#back = this.#back.filter(({ channel, line }) => line.image !== detail.image || !changed.has(channel));
    }
    const isBack = detailType === "channel.moved" && detail.because !== undefined;
    return [...earlier, ...ignored, ...(isBack ? [] : this.#releaseBack())];
  }

  #releaseBack(): StoryLine[] {
    const lines = this.#back.map(({ line }) => line);
    this.#back = [];
    return lines;
  }
}

const lineOf = (time: string, { image, build }: Detail, said: Said): StoryLine => ({
  time,
  ...(typeof image === "string" && { image }),
  ...(typeof build === "string" && { build: shortBuild(build) }),
  ...said,
});

const sayChannels = (channels: readonly string[]): string => channels.map((one) => `→ ${one}`).join(" ");

const approversIn = ({ answers }: Detail): string =>
  (answers as { person: string; verdict: string }[])
    .filter(({ verdict }) => verdict === "approved")
    .map(({ person }) => person)
    .join(" and ");

function sayShares(shared: number, verified: number): string[] {
  if (shared === 0 && verified === 0) return [];
  if (verified === 0) return [`shared in ${count(shared, "region")}`];
  if (shared <= verified) return [`verified in ${count(verified, "region")}`];
  return [`shared in ${count(shared, "region")}, verified in ${verified}`];
}
