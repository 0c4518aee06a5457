import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import type { Act } from "../../local/story/chapters.ts";
import { DAY } from "../../local/story/lead-times.ts";
import { printFound, showProgress } from "../command/print.ts";
import { EventFold } from "./fold-events.ts";
import { heading, paragraph } from "./layout.ts";
import { count } from "./short-texts.ts";
import { drawStoryLine, nameColumns, type StoryLine } from "./story-line.ts";
import { dayAndTime, timelineLine } from "./timeline.ts";

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
export class Narrator {
  readonly #narrated: Narrated;
  readonly #fold: EventFold;
  readonly #columns: number;
  readonly #started = performance.now();
  #acts: Act[] = [];
  #act: Act | undefined;
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
  begin(acts: readonly Act[], resources: number): void {
    this.#acts = [...acts].toSorted((a, b) => a.at - b.at);
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
    showProgress(`${dayAndTime(new Date(time).toISOString())}, day ${day} of ${days}`);
  }

  readonly event = (event: FactoryEvent): void => {
    if (this.#narrated.verbose) printFound(event, timelineLine);
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
    const act = this.#acts.findLast(({ at }) => at <= Date.parse(line.time));
    if (act && act !== this.#act && act.at >= (this.#act?.at ?? 0)) {
      this.#act = act;
      printFound(act, ({ title, watch }) => ["", ...heading(title), ...paragraph(watch)]);
    }
    printFound(line, (safe) => drawStoryLine(safe, this.#columns));
  }

  #seconds(): string {
    return ((performance.now() - this.#started) / 1000).toFixed(1);
  }
}
