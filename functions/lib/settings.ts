import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Place } from "../../core/names.ts";
import factory from "../../factory.config.ts";

/** What a function knows of its surroundings, read on each invocation: several functions may share one process. */
export interface Settings<Variable extends string = never> {
  readonly factory: Factory;
  /** The factory's account in the build region. */
  readonly place: Place;
  /** The function's own environment variables. */
  readonly env: Readonly<Record<Variable, string>>;
}

const always = ["FACTORY_ACCOUNT", "PARTITION", "LEDGER_TABLE", "BUS_NAME"] as const;

/** @throws MissingSetting naming each variable that is absent */
export function readSettings<Variable extends string>(
  wanted: readonly Variable[],
  environment: NodeJS.ProcessEnv = process.env,
): Settings<Variable | (typeof always)[number]> {
  const names = [...always, ...wanted];
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) throw new MissingSetting(missing);
  const env = Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<
    (typeof names)[number],
    string
  >;
  return {
    factory,
    place: { partition: env.PARTITION, region: factory.buildRegion, account: env.FACTORY_ACCOUNT },
    env,
  };
}

class MissingSetting extends Error {
  override readonly name = "MissingSetting";

  constructor(names: readonly string[]) {
    super(`The function's environment lacks ${names.join(", ")}; the stack sets them.`);
  }
}
