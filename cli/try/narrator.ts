import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import type { Narration } from "../../local/story/open-story.ts";
import { DAY, dayAndTime, type PlannedEvent } from "../../local/story/timeline.ts";
import { printFound, printJson, showProgress } from "../command/print.ts";
import { drawEvent } from "./event-line.ts";
import { EventFold } from "./fold-events.ts";
import { heading, paragraph } from "./layout.ts";
import { count } from "./short-texts.ts";
import { drawStoryLine, nameColumns, type StoryLine } from "./story-line.ts";

export interface Narrated {
  readonly factory: {
    readonly name: string;
    readonly images: Readonly<Record<string, { readonly channels: readonly { readonly name: string }[] }>>;
  };
  /** Milliseconds since the epoch. */
  readonly begin: number;
  readonly days: number;
  /** Prints every event instead of the folded story. */
  readonly verbose: boolean;
  readonly seed?: number;
}

const intro = ({ factory, days, seed, verbose }: Narrated): string[] => [
  ...paragraph(
    `Factory ${factory.name}, ${count(days, "day")} in factory time (UTC)${seed === undefined ? "" : `, seed ${seed}`}, on an embedded AWS: no account is used.`,
  ),
  ...paragraph("Instances are simulated: nothing is executed on them."),
  ...(verbose
    ? []
    : paragraph("Arrows are channels that a build enters; /2 is an image's second build. --verbose: every event.")),
];

/** Prints a story while it happens, with headings and progress. */
export class Narrator implements Narration {
  readonly #narrated: Narrated;
  readonly #fold: EventFold;
  readonly #columns: number;
  readonly #started = performance.now();
  #chapters: readonly PlannedEvent[] = [];
  #chapter: PlannedEvent | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(narrated: Narrated) {
    this.#narrated = narrated;
    const { images } = narrated.factory;
    this.#fold = new EventFold((image) =>
      Object.hasOwn(images, image) ? (images[image]?.channels.map(({ name }) => name) ?? []) : [],
    );
    this.#columns = nameColumns(Object.keys(images));
  }

  /** @param resources how many are deployed */
  begin(plan: readonly PlannedEvent[], resources: number): void {
    this.#chapters = plan.filter(({ title }) => title !== undefined).toSorted((a, b) => a.at - b.at);
    printFound(this.#narrated, intro);
    const doing = `Deploying ${resources} resources into the embedded AWS ...`;
    if (!process.stderr.isTTY) printFound(doing, (text) => text);
    const show = () => showProgress(`${doing} ${this.#seconds()} s`);
    show();
    this.#ticking = setInterval(show, 500).unref();
  }

  /** Everything is deployed. */
  booted(): void {
    clearInterval(this.#ticking);
    printFound(this.#seconds(), (seconds) => `Deployed in ${seconds} s.${this.#narrated.verbose ? "\n\n" : ""}`);
  }

  at(time: number): void {
    const { begin, days } = this.#narrated;
    const day = Math.min(days, Math.floor((time - begin) / DAY) + 1);
    showProgress(`${dayAndTime(time)}, day ${day} of ${days}`);
  }

  readonly event = (event: FactoryEvent): void => {
    if (this.#narrated.verbose) printFound(event, drawEvent);
    else for (const line of this.#fold.push(event)) this.#print(line);
    this.at(Date.parse(event.time));
  };

  end(): void {
    if (!this.#narrated.verbose) for (const line of this.#fold.end()) this.#print(line);
    showProgress("Reading every channel back with each account's credentials ...");
  }

  /** Ends the display; needed if the story ends with an error. */
  close(): void {
    clearInterval(this.#ticking);
    showProgress();
  }

  #print(line: StoryLine): void {
    const chapter = this.#chapters.findLast(({ at }) => at <= Date.parse(line.time));
    if (chapter && chapter !== this.#chapter && chapter.at >= (this.#chapter?.at ?? 0)) {
      this.#chapter = chapter;
      const { title = "", watch = "" } = chapter;
      printFound({ title, watch }, (safe) => ["", ...heading(safe.title), ...paragraph(safe.watch)]);
    }
    printFound(line, (safe) => drawStoryLine(safe, this.#columns));
  }

  #seconds(): string {
    return ((performance.now() - this.#started) / 1000).toFixed(1);
  }
}

/** Prints every event as a line of JSON. */
export const jsonLines: Narration = {
  event: ({ time, detailType, detail }) => printJson({ type: "event", time, detailType, detail }),
};
