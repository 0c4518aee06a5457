import { dayAndTime } from "../../local/story/timeline.ts";
import { styled } from "../command/print.ts";
import { width, wrap } from "./layout.ts";

/** A step of the story in its short form. */
export interface StoryLine {
  readonly time: string;
  /** Left out where it is about no image. */
  readonly image?: string;
  /** As `shortBuild` has it. */
  readonly build?: string;
  readonly label: string;
  readonly text?: string | undefined;
  readonly tone: "green" | "red" | "yellow" | "cyan" | "dim";
}

/** Longer names push the text of their line to the right. */
const LONGEST_NAME = 24;

/** Columns for names of images, each with a build such as ` /3`. */
export const nameColumns = (images: readonly string[]): number =>
  Math.min(LONGEST_NAME, Math.max(0, ...images.map(({ length }) => length))) + " /9".length;

/** @param columns `nameColumns` of all images of the story */
export function drawStoryLine({ time, image, build, label, text, tone }: StoryLine, columns: number): string[] {
  const when = `${dayAndTime(time)}  `;
  const name = image === undefined ? "" : `${[image, build].filter(Boolean).join(" ").padEnd(columns)}  `;
  const head = `${when}${name}`;
  const hang = " ".repeat(name ? when.length + columns + 2 : when.length);
  const said = text ? `${label}: ${text}` : label;
  const lines = wrap(said, width() - hang.length, Math.max(1, width() - head.length));
  return lines.map((line, nth) => {
    if (nth > 0) return `${hang}${line}`;
    const coloured = styled(tone, line.slice(0, label.length));
    return `${head}${coloured}${line.slice(label.length)}`;
  });
}
