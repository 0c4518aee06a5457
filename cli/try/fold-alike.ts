import type { Trigger } from "../../events/build.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { count, sayAdvisory, sayTrigger, withoutArns } from "./short-texts.ts";
import type { StoryLine } from "./story-line.ts";

/** Triggers that start nothing: those of one moment become one line, whichever images they are about. */
export class FoldIgnored {
  #found:
    | {
        readonly time: string;
        readonly images: Set<string>;
        readonly triggers: Set<string>;
        readonly reasons: Set<string>;
      }
    | undefined;

  /** @returns the line of an earlier moment */
  push({ time, detail }: FactoryEvent): StoryLine[] {
    const before = this.#found?.time === time ? [] : this.release();
    this.#found ??= { time, images: new Set(), triggers: new Set(), reasons: new Set() };
    this.#found.images.add(String(detail.image));
    this.#found.reasons.add(sayReason(String(detail.reason)));
    for (const one of detail.triggers as Trigger[]) {
      const said = one.kind === "packages" ? [...one.advisories.map(sayAdvisory), ...one.others] : [sayTrigger(one)];
      for (const trigger of said) this.#found.triggers.add(trigger);
    }
    return before;
  }

  release(): StoryLine[] {
    if (!this.#found) return [];
    const { time, images, triggers, reasons } = this.#found;
    this.#found = undefined;
    const text = `${[...triggers].join(", ")}: ${[...reasons].join("; ")}`;
    return [{ time, image: namesOf(images), label: "ignored", text, tone: "dim" }];
  }
}

/** An advisory's severity is beside its id. */
const sayReason = (reason: string): string => withoutArns(reason).replace(/^\w+ is below the image's /, "below the ");

/** Lines in a row that start builds, or report a fleet, and differ in their image only become one. */
export class FoldAlike {
  #found: { readonly line: StoryLine; readonly images: Set<string> } | undefined;

  push(line: StoryLine): StoryLine[] {
    const { image, label } = line;
    if (image === undefined || !(label === "started" || label.startsWith("fleet report"))) {
      return [...this.release(), line];
    }
    if (this.#found && isAlike(this.#found.line, line)) {
      this.#found.images.add(image);
      return [];
    }
    const before = this.release();
    this.#found = { line, images: new Set([image]) };
    return before;
  }

  release(): StoryLine[] {
    if (!this.#found) return [];
    const { line, images } = this.#found;
    this.#found = undefined;
    if (images.size === 1) return [line];
    const { build: _, ...rest } = line;
    return [{ ...rest, image: namesOf(images) }];
  }
}

const MINUTE = "2026-04-01T08:00".length;

const isAlike = (a: StoryLine, b: StoryLine): boolean =>
  a.label === b.label && a.text === b.text && a.time.slice(0, MINUTE) === b.time.slice(0, MINUTE);

const namesOf = (images: ReadonlySet<string>): string =>
  images.size === 1 ? [...images].join() : count(images.size, "image");
