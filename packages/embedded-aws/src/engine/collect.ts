import type { ServiceOperation } from "./operation.ts";

type Collected = Readonly<Record<string, ServiceOperation>>;

interface Some {
  readonly operations: Collected;
}

/**
 * Collects a service's operations from its files, each of which exports some.
 * @throws Error for an operation that two files define
 */
export async function collect(...files: readonly (Promise<Some> | Some)[]): Promise<Collected> {
  const all: Record<string, ServiceOperation> = {};
  for (const { operations } of await Promise.all(files)) {
    const twice = Object.keys(operations).find((name) => Object.hasOwn(all, name));
    if (twice !== undefined) throw new Error(`Two files define the operation ${twice}.`);
    Object.assign(all, operations);
  }
  return all;
}
