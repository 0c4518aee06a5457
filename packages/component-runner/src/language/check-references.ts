import { ACTIONS } from "./actions.ts";
import type { ToeDocument, ToePhase, ToeStep, UnknownWord } from "./document.ts";
import { type DocumentReader, isMapping, type WrittenReference } from "./document-reader.ts";
import { parseReference, type Reference } from "./reference.ts";

type Chained = Extract<Reference, { kind: "chained" }>;

/** An invalid reference. */
interface Refusal {
  readonly message: string;
  readonly unknown?: UnknownWord;
}

/** Image Builder runs each stage on its own instance, so outputs do not pass from one to the other. */
const STAGES: Readonly<Record<string, string>> = {
  build: "build",
  validate: "build",
  test: "test",
  "container-host-test": "test",
};

/** Checks every `{{ }}` in a document's steps, and reports unused parameters and constants. */
export function checkReferences(reader: DocumentReader, document: ToeDocument): void {
  const variables = [...document.parameters.map(({ name }) => name), ...Object.keys(document.constants)];
  const used = new Set<string>();
  const earlier: { phase: string; step: ToeStep }[] = [];
  for (const [nth, phase] of document.phases.entries()) {
    for (const [index, step] of phase.steps.entries()) {
      const at = ["phases", nth, "steps", index];
      const prefix = `Parsing step '${step.name}' in phase '${phase.name}' failed. Error: `;
      for (const field of ["inputs", "loop", "if"]) {
        for (const reference of reader.references([...at, field])) {
          const parsed = parseReference(reference.text);
          const isBound = field === "loop" && step.loop?.kind === "for";
          const refusal = checkReference(parsed, reference.text, {
            document,
            phase,
            step,
            earlier,
            variables,
            isBound,
          });
          if (refusal) reader.faultAt(reference, `${prefix}${refusal.message}`, refusal.unknown);
          else warnOf(reader, reference, parsed, field, step);
          for (const name of namesIn(parsed)) used.add(name);
        }
      }
      earlier.push({ phase: phase.name, step });
    }
  }
  for (const kind of ["parameters", "constants"] as const) {
    for (const [index, entry] of reader.list([kind]).entries()) {
      const [name = ""] = isMapping(entry) ? Object.keys(entry) : [];
      if (variables.includes(name) && !used.has(name)) {
        reader.warn([kind, index], `No step uses '${name}' of the document's ${kind}.`);
      }
    }
  }
}

const namesIn = (reference: Reference): string[] =>
  reference.kind === "variable" ? [reference.name] : reference.kind === "resolved" ? namesIn(reference.from) : [];

interface Scope {
  readonly document: ToeDocument;
  readonly phase: ToePhase;
  readonly step: ToeStep;
  /** In execution order. */
  readonly earlier: readonly { readonly phase: string; readonly step: ToeStep }[];
  readonly variables: readonly string[];
  /** Whether it is in the bounds of a `for` loop. */
  readonly isBound: boolean;
}

function checkReference(reference: Reference, text: string, scope: Scope): Refusal | undefined {
  switch (reference.kind) {
    case "variable":
      return scope.variables.includes(reference.name) ? undefined : unknownVariable(reference.name, scope.variables);
    case "resolved":
      if (reference.from.kind === "variable" || reference.from.kind === "resolved") {
        return checkReference(reference.from, reference.text, scope);
      }
      return reference.from.kind === "parameter"
        ? undefined
        : { message: `resolve() takes a parameter of the document or aws:ssm:<name>, not '${reference.text}'.` };
    case "chained":
      if (scope.isBound) return { message: `The bounds of a 'for' loop cannot refer to a step: '{{ ${text} }}'.` };
      return checkChained(reference, text, scope);
    case "malformed":
      return {
        message: `'{{ ${text} }}' is not an expression of AWSTOE; use {{ phase.step.inputs.name }}, {{ phase.step.inputs[0].name }}, {{ phase.step.outputs.name }} or {{ aws:ssm:name }}.`,
      };
    case "parameter":
    case "loop":
    case "foreign":
      return undefined;
  }
}

function unknownVariable(name: string, variables: readonly string[]): Refusal {
  const known = variables.length === 0 ? "the document declares none" : `the document declares ${variables.join(", ")}`;
  const message = `'{{ ${name} }}' is not a parameter or constant; ${known}.`;
  return variables.length === 0 ? { message } : { message, unknown: { found: name, valid: variables } };
}

function checkChained(
  reference: Chained,
  text: string,
  { document, phase, step, earlier }: Scope,
): Refusal | undefined {
  const refuse = (why: string, found?: string, valid: readonly string[] = []): Refusal => ({
    message: `'{{ ${text} }}': ${why}`,
    ...(found !== undefined && valid.length > 0 && { unknown: { found, valid } }),
  });
  const names = document.phases.map(({ name }) => name);
  const target = document.phases.find(({ name }) => name === reference.phase);
  if (!target)
    return refuse(`phase '${reference.phase}' does not exist; use one of ${names.join(", ")}.`, reference.phase, names);
  const steps = target.steps.map(({ name }) => name);
  const found = target.steps.find(({ name }) => name === reference.step);
  if (!found) {
    const why = `phase '${reference.phase}' has no step '${reference.step}'; its steps are ${steps.join(", ")}.`;
    return refuse(why, reference.step, steps);
  }
  if (found === step) return refuse("a step cannot refer to itself.");
  if (!earlier.some((one) => one.step === found)) return refuse(`step '${reference.step}' runs later.`);
  const [from, to] = [STAGES[reference.phase], STAGES[phase.name]];
  if (from !== undefined && to !== undefined && from !== to) {
    return refuse(`Image Builder passes nothing from its ${from} stage to its ${to} stage.`);
  }
  return reference.side === "outputs" ? checkOutput(reference, found, refuse) : checkInput(reference, found, refuse);
}

type Refuse = (why: string, found?: string, valid?: readonly string[]) => Refusal;

function checkOutput({ keys }: Chained, step: ToeStep, refuse: Refuse): Refusal | undefined {
  const outputs = ACTIONS[step.action]?.outputs;
  const name = keys.join(".");
  if (!outputs || outputs.includes(name)) return undefined;
  const which = outputs.length === 0 ? "has no outputs" : `has the outputs ${outputs.join(", ")}`;
  return refuse(`action ${step.action} ${which}, not '${name}'.`, name, outputs);
}

function checkInput({ keys, index }: Chained, step: ToeStep, refuse: Refuse): Refusal | undefined {
  const isList = Array.isArray(step.inputs);
  if (isList && index === undefined) {
    return refuse(`the inputs of step '${step.name}' are a list; name an entry: inputs[0].${keys.join(".")}.`);
  }
  const entries: readonly unknown[] = isList ? (step.inputs as unknown[]) : [step.inputs];
  const entry = entries[index ?? 0];
  if (entry === undefined) {
    return refuse(
      `step '${step.name}' has ${entries.length} ${entries.length === 1 ? "entry" : "entries"} in its inputs, counted from 0.`,
    );
  }
  const [name = ""] = keys;
  const written = isMapping(entry) ? Object.keys(entry) : [];
  if (written.includes(name)) return undefined;
  return refuse(`step '${step.name}' has no input '${name}'; it has ${written.join(", ")}.`, name, written);
}

function warnOf(
  reader: DocumentReader,
  { text, ...place }: WrittenReference,
  reference: Reference,
  field: string,
  { loop }: ToeStep,
): void {
  if (reference.kind === "foreign") {
    reader.warnAt(place, `'{{ ${text} }}' is not an AWSTOE expression; its guide does not say how it is handled.`);
  }
  if (reference.kind !== "loop") return;
  const isOwn = loop !== undefined && (reference.loop === "loop" || reference.loop === loop.name);
  if (!isOwn || field !== "inputs") {
    reader.warnAt(place, `'{{ ${text} }}' is not replaced: that happens only in the inputs of a step with that loop.`);
  }
}
