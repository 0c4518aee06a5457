import { parseReference, type Reference, referencesIn } from "./reference.ts";
import { ParameterUnreadableError, type StepHost } from "./step-host.ts";
import { replaceVariables, UnknownVariableError, type Variables } from "./variables.ts";

/** Values for `{{ }}` while a document runs, including stored parameters. */
export class StepScope {
  readonly #named: Variables["named"];
  readonly #host: Pick<StepHost, "readParameter">;
  readonly #secrets = new Set<string>();
  /** Parameters that the current step has read, so that it sees one value in all attempts. */
  readonly #read = new Map<string, string>();
  readonly #steps = new Map<string, { inputs: unknown; outputs: Readonly<Record<string, string>> }>();

  constructor(named: Variables["named"], host: Pick<StepHost, "readParameter">) {
    this.#named = named;
    this.#host = host;
  }

  /** Values of SecureStrings read so far. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  begin(): void {
    this.#read.clear();
  }

  /** Makes a step's inputs and outputs available to later steps. */
  end(phase: string, step: string, inputs: unknown, outputs: Readonly<Record<string, string>>): void {
    this.#steps.set(`${phase}.${step}`, { inputs, outputs });
  }

  /**
   * The variables for a value, with the stored parameters that it refers to.
   * @throws UnknownVariableError, ParameterUnreadableError
   */
  async variablesFor(value: unknown, loop: Variables["loop"] = {}): Promise<Variables> {
    const stored = new Map<string, string>();
    for (const text of referencesIn(value)) {
      const name = await this.#parameterName(parseReference(text));
      if (name !== undefined) stored.set(text, await this.#readParameter(name));
    }
    return { named: this.#named, steps: this.#steps, loop, stored };
  }

  /** @throws UnknownVariableError, ParameterUnreadableError */
  async replace(value: unknown, loop?: Variables["loop"]): Promise<unknown> {
    return replaceVariables(value, await this.variablesFor(value, loop));
  }

  /** In Parameter Store; undefined for other references. */
  async #parameterName(reference: Reference): Promise<string | undefined> {
    if (reference.kind === "parameter") return reference.name;
    if (reference.kind !== "resolved") return undefined;
    const { from, text } = reference;
    const stored = await this.#parameterName(from);
    const name = stored !== undefined ? await this.#readParameter(stored) : this.#named[text];
    if (name === undefined) throw new UnknownVariableError(text);
    return name;
  }

  async #readParameter(name: string): Promise<string> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const { value, secret } = await this.#host.readParameter(name);
    if (secret) this.#secrets.add(value);
    if (/[\r\n]/.test(value)) {
      throw new ParameterUnreadableError(
        name,
        "its value has more than one line, but AWSTOE only accepts single lines.",
      );
    }
    this.#read.set(name, value);
    return value;
  }
}
