import { types } from "node:util";

/** A failed invocation's payload. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The stack, line by line; absent where Lambda itself, not the runtime, reports the failure. */
  readonly trace?: readonly string[];
}

/** What Lambda's Node.js runtime reports for something thrown: aws-lambda-nodejs-runtime-interface-client. */
export function toRuntimeError(thrown: unknown): RuntimeError {
  if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split("\n") ?? [] };
}

// Neither test alone knows errors of another realm and DOMException.
const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

/** A failure that the runtime itself finds, named as Lambda names it: `Runtime.HandlerNotFound`. */
export class RuntimeFailure extends Error {
  constructor(name: `Runtime.${string}`, message: string) {
    super(message);
    this.name = name;
  }
}
