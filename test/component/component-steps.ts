import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: { commands: string[] } & { source: string; destination: string }[];
}

/** The steps of a component document's first phase. */
export const stepsOf = (file: string): Step[] => {
  const text = readFileSync(new URL(`../../images/components/${file}`, import.meta.url), "utf8");
  return (parse(text) as { phases: { steps: Step[] }[] }).phases[0]?.steps ?? [];
};

export const bash = (script: string) => spawnSync("bash", { input: script, encoding: "utf8" });
