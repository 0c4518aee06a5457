import type {
  Cors,
  FunctionEventInvokeConfig,
  FunctionUrlAuthType,
  RecursiveLoop,
  TracingMode,
} from "@aws-sdk/client-lambda";
import { defineState } from "../../engine/state.ts";
import type { FunctionLogging } from "./logging.ts";

/** One statement of a function's resource policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A function's own address. */
export interface FunctionUrl {
  /** 32 letters and digits, never given twice: the first label of its host. */
  readonly id: string;
  readonly authType: FunctionUrlAuthType;
  readonly cors: Cors | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A function as deployed: what an invocation needs to know, and what other operations change. */
export interface LambdaFunction {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** `functions/start-build.handler`, from `root`. */
  handler: string;
  /** Where the program's sources are (see `parseProgram`), or its unpacked archive: an absolute folder. */
  root: string;
  /** Of its archive, as Lambda shows them; undefined where it runs from sources. */
  code: { readonly size: number; readonly sha256: string } | undefined;
  /** ARN */
  role: string;
  description: string;
  environment: Readonly<Record<string, string>>;
  timeoutSeconds: number;
  memoryMb: number;
  /** `nodejs24.x` */
  runtime: string;
  architecture: string;
  logging: FunctionLogging;
  /** A queue or a topic. */
  deadLetterTargetArn: string | undefined;
  /** Kept and shown: there are no traces, and files lie in this machine's folder for temporary files. */
  tracing: TracingMode;
  ephemeralStorageMb: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  revisionId: string;
  readonly tags: Map<string, string>;
  readonly policy: Map<string, PolicyStatement>;
  policyRevisionId: string;
  reservedConcurrency: number | undefined;
  eventInvokeConfig: FunctionEventInvokeConfig | undefined;
  /** Whether Lambda lets it go on in a recursive loop. */
  recursiveLoop: RecursiveLoop;
  url: FunctionUrl | undefined;
  /** Invocations under way or waiting for a worker. */
  running: number;
}

/** Functions by name. */
export const functions = defineState("lambda functions", () => new Map<string, LambdaFunction>());
