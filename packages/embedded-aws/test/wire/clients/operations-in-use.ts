import { readFileSync } from "node:fs";
import { allServices } from "../../../src/services/all.ts";

/** An operation and who uses it, by path. */
export interface OperationInUse {
  /** `<signing name>:<operation>` */
  readonly call: string;
  readonly by: string;
}

/** Every operation of the embedded AWS. */
export async function builtOperations(): Promise<OperationInUse[]> {
  const found = await Promise.all(
    Object.entries(allServices).map(async ([name, load]) =>
      Object.keys((await load()).operations).map((one) => ({ call: `${name}:${one}`, by: `src/services/${name}` })),
    ),
  );
  return found.flat();
}

/**
 * `@aws-sdk/client-sfn` → `states`: each service names its client.
 * @throws Error for a service that names none
 */
export function servicesByPackage(): ReadonlyMap<string, string> {
  const found = Object.keys(allServices).flatMap((name): [string, string][] => {
    const source = readFileSync(new URL(`../../../src/services/${name}/service.ts`, import.meta.url), "utf8");
    const client = /\("(@aws-sdk\/client-[\w-]+)"\)/.exec(source)?.[1];
    // Has its own schemas and no SDK package, so no file imports one.
    if (source.includes('"./model.ts"')) return [];
    if (!client) throw new Error(`src/services/${name}/service.ts names no @aws-sdk client`);
    return [[client, name]];
  });
  return new Map([...found, ["@aws-sdk/lib-dynamodb", "dynamodb"]]);
}
