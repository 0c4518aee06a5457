/**
 * An error in AWS's form: `<HTTP status> <code>: <message, or a part of it>`. boto3 and the AWS CLI show the code; where
 * the SDK's name differs, it follows in brackets. The message is omitted if the response has no body (HEAD).
 */
export type Refusal = string;

/** A call of the factory, its deployment, its users or its tests, which every client can make. */
export interface FactoryCall {
  /** `<signing name>:<operation>` */
  readonly call: string;
  /**
   * `{ ref: "<step>.<path>" }` stands for an earlier step's response, `{ bytes: "<text>" }` for the text's bytes,
   * `{ time: "<ISO 8601>" }` for a point in time.
   */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The name by which other steps refer to this step's response. */
  readonly as?: string;
  /** Values of the response, by path; `PRESENT` for any value. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly refused?: Refusal;
  /** Virtual minutes that pass before the call. */
  readonly after?: number;
  /** The year in which AWS added the operation, or a member of the input. A client may lack these, and no others. */
  readonly since?: number;
}

/** In `values`: any value, which must be present. */
export const PRESENT = "<present>";

type More = Pick<FactoryCall, "after" | "since">;
type Input = NonNullable<FactoryCall["input"]>;

/** A call that succeeds, such as `CreateVpc`, or `CreateVpc as vpc`; `says` adds values of its response. */
export function answered(name: string, input: Input = {}, more: More = {}) {
  const [call = "", as] = name.split(" as ");
  const made: FactoryCall = { call, input, ...(as && { as }), ...more };
  return { ...made, says: (values: Input): FactoryCall => ({ ...made, values }) };
}

/** A call that is refused. */
export function refused(call: string, input: Input = {}, more: More = {}) {
  return { with: (refusal: Refusal): FactoryCall => ({ call, input, refused: refusal, ...more }) };
}

/** Calls of one service, whose names need no signing name. */
export const ofService = (service: string, calls: readonly FactoryCall[]): readonly FactoryCall[] =>
  calls.map((one) => (one.call.includes(":") ? one : { ...one, call: `${service}:${one.call}` }));

export const ref = (path: string) => ({ ref: path });
export const bytes = (text: string) => ({ bytes: text });
export const time = (iso: string) => ({ time: iso });

/**
 * A client's result of a call: the response with bytes as text, an error, or that it does not support the operation or a
 * member.
 */
export type Told =
  | { readonly answer: Readonly<Record<string, unknown>> }
  | { readonly refused: { readonly code: string; readonly message: string; readonly status?: number } }
  | { readonly unknown: true };

/** A third-party client of AWS, in one account and region. */
export interface Client {
  /**
   * @param call `<signing name>:<operation>`
   * @param input with `{ bytes }` and `{ time }` still in it
   * @throws Error where the client itself fails, with what it said
   */
  send(call: string, input: object): Promise<Told>;
}

const REFUSAL = /^(?<status>\d{3}) (?<code>[^ :]+)(?: \((?<name>\w+)\))?(?:: (?<message>.+))?$/s;

/** How a call's result differs from the expected one; undefined if it does not. */
export function failureOf(step: FactoryCall, told: Told, ofSdk: boolean): string | undefined {
  const wrong = (found: unknown, wanted: unknown) =>
    `${step.call} ${JSON.stringify(step.input)}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`;
  if ("unknown" in told)
    return step.since === undefined ? `${step.call}: the client does not know it, or a member of its input` : undefined;
  if ("refused" in told) {
    if (!step.refused) return wrong(told.refused, "an answer");
    const { status, code, name = code, message = "" } = step.refused.match(REFUSAL)?.groups ?? {};
    const same =
      told.refused.code === (ofSdk ? name : code) &&
      (told.refused.status ?? Number(status)) === Number(status) &&
      told.refused.message.includes(message);
    return same ? undefined : wrong(told.refused, step.refused);
  }
  if (step.refused) return wrong(told.answer, step.refused);
  for (const [path, value] of Object.entries(step.values ?? {})) {
    const said = at(told.answer, path);
    const same = value === PRESENT ? Boolean(said) : JSON.stringify(said) === JSON.stringify(value);
    if (!same) return wrong({ [path]: said }, { [path]: value });
  }
  return undefined;
}

/** The input with earlier steps' responses filled in. */
export function withAnswers(input: unknown, answers: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(input)) return input.map((one) => withAnswers(one, answers));
  if (typeof input !== "object" || input === null) return input;
  if ("ref" in input) return at(answers, String(input.ref));
  return Object.fromEntries(Object.entries(input).map(([key, one]) => [key, withAnswers(one, answers)]));
}

const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inside, step) => (inside as Record<string, unknown> | undefined)?.[step], value);
