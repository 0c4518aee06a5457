import { AwsError, type Call } from "../../engine/operation.ts";
import { builderState } from "./state.ts";

/**
 * Runs a request once for each client token: a repetition with the same parameters gets the first answer, one with
 * others fails (EC2's "Ensuring idempotency", which Image Builder's reference links).
 */
export function once<Output>(
  call: Call,
  operation: string,
  input: { clientToken?: string | undefined },
  carryOut: () => Output | Promise<Output>,
): Output | Promise<Output> {
  const { clientToken: token, ...parameters } = input;
  if (token === undefined) return carryOut();
  const { tokens } = call.aws.state(builderState, call.account, call.region);
  const key = `${operation}/${token}`;
  const asked = JSON.stringify(sorted(parameters));
  const earlier = tokens.get(key);
  if (earlier) {
    if (earlier.asked !== asked) {
      throw new AwsError(
        "IdempotentParameterMismatchException",
        `You have specified a client token for ${operation} that was used with different parameters: '${token}'.`,
      );
    }
    return earlier.output as Output | Promise<Output>;
  }
  const output = carryOut();
  tokens.set(key, { asked, output });
  // A failed request releases its token.
  if (output instanceof Promise) output.catch(() => tokens.delete(key));
  return output;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}
