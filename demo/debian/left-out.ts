import type { Example } from "./example.ts";

/** What happened where one hardening component was left out. */
export interface LeftOut {
  readonly component: string;
  /** The document that has to notice. */
  readonly tests: string;
  /** Steps of it that failed, as they should, each with the last line that it printed. */
  readonly noticed: readonly string[];
  /** Steps of it that passed without the component: they test nothing of it. */
  readonly unnoticed: readonly string[];
  /** Other documents that failed or did not run, each with the reason: the component is not what they test. */
  readonly others: readonly string[];
}

/** The image's hardening components, by the names of their documents. */
export const hardeningOf = ({ planned }: Pick<Example, "planned">): string[] =>
  planned.flatMap(({ title }) => (partOf(title) === undefined ? [] : [title]));

/** Builds and tests the image without one hardening component. Its tests run last: a document that fails ends the run. */
export async function leaveOut(example: Pick<Example, "planned" | "run">, component: string): Promise<LeftOut> {
  const tests = `demo/debian/components/${partOf(component)}-tests.yaml`;
  const others = example.planned.filter(({ title }) => title !== component && title !== tests);
  const last = example.planned.filter(({ title }) => title === tests);

  const { documents } = await example.run({ planned: [...others, ...last] });

  const steps = documents.filter(({ document }) => document === tests).flatMap((one) => one.steps);
  return {
    component,
    tests,
    noticed: steps.flatMap(({ status, step, tail }) => (status === "failed" ? [`${step}: ${tail.at(-1)}`] : [])),
    unnoticed: steps.flatMap(({ status, step }) => (status === "failed" ? [] : [step])),
    others: documents
      .filter(({ document, status }) => document !== tests && status !== "success" && status !== "cached")
      .map(({ document, why }) => `${document}: ${why}`),
  };
}

/** Every step of its tests failed, and nothing else. */
export const isNoticed = ({ noticed, unnoticed, others }: LeftOut): boolean =>
  noticed.length > 0 && unnoticed.length === 0 && others.length === 0;

/** `ssh`, of `amint:harden-ssh` and `demo/debian/components/harden-ssh.yaml`. */
const partOf = (title: string): string | undefined => /\bharden-([a-z]+)(?:\.yaml)?$/.exec(title)?.[1];
