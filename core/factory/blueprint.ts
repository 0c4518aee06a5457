/** A blueprint file: every resource of the program with its final inputs. */
export interface Blueprint {
  readonly factory: string;
  readonly stage: string;
  readonly account: string;
  readonly partition: string;
  readonly buildRegion: string;
  /** By type, then by name; a type and a name come once. */
  readonly resources: readonly BlueprintResource[];
}

export interface BlueprintResource {
  /** Pulumi's logical name. */
  readonly name: string;
  /** Pulumi's type token. */
  readonly type: string;
  readonly region: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Functions only: the source file and its export. */
  readonly handler?: string;
  /** By input, the logical names of the resources that its value comes from; under `dependsOn` those without an input. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  /** Where the program sets some. */
  readonly options?: ResourceOptions;
}

/** Pulumi's resource options that say how a later deployment treats a resource. */
export interface ResourceOptions {
  readonly deleteBeforeReplace?: boolean;
  readonly retainOnDelete?: boolean;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
}

/** The physical name of the function whose handler is in the file with this name. @throws NoSuchFunction */
export function functionOf({ resources }: Pick<Blueprint, "resources">, file: string): string {
  const found = resources.find(({ handler }) => handler?.endsWith(`/${file}.handler`));
  if (!found) throw new NoSuchFunction(file);
  return String(found.inputs.name);
}

class NoSuchFunction extends Error {
  override readonly name = "NoSuchFunction";

  constructor(file: string) {
    super(`blueprint.json has no function with its handler in ${file}.ts; \`npx amint blueprint\` writes it again.`);
  }
}
