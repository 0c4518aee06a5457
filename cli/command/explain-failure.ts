/** Why a command failed, for causes outside Amint. */
type FailureCause = "credentials" | "access" | "clock" | "network" | "not-deployed" | "file";

export interface Explanation {
  readonly cause: FailureCause;
  /** What happened, and where. */
  readonly what: string;
  readonly fix: string;
}

/** Error names of services and the SDK. */
const REFUSED_CREDENTIALS =
  /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId)$/;

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|UnauthorizedException)$/;

/** Of a signature that AWS rejects for its time, after the SDK has corrected for the difference once. */
const WRONG_TIME = /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/;
const WRONG_TIME_TEXT = /^Signature (expired|not yet current): /;

const UNREACHABLE = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

const FILE_FAULTS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENOSPC: "no space left on the device",
};

/** Undefined for errors whose own message explains the fix, and for bugs in Amint. */
export function explainFailure(error: unknown, env: NodeJS.ProcessEnv = process.env): Explanation | undefined {
  if (!(error instanceof Error)) return undefined;
  return (
    explainClock(error) ??
    explainCredentials(error, env) ??
    explainNetwork(error, env) ??
    explainForeign(error, env) ??
    explainMissing(error, env) ??
    explainFile(error)
  );
}

/** One message: what happened, and the fix. */
export const toMessage = ({ what, fix }: Explanation): string => `${what}\nfix: ${fix}`;

function explainClock({ name, message }: Error): Explanation | undefined {
  if (!WRONG_TIME.test(name) && !WRONG_TIME_TEXT.test(message)) return undefined;
  return {
    cause: "clock",
    what: `AWS refuses this machine's time, ${new Date().toISOString()}: ${name}: ${message}`,
    fix: "set the clock, such as with `timedatectl set-ntp true`",
  };
}

function explainCredentials({ name, message }: Error, { AWS_PROFILE }: NodeJS.ProcessEnv): Explanation | undefined {
  if (name === "CredentialsProviderError" || name === "TokenProviderError") {
    return {
      cause: "credentials",
      what: `No AWS credentials${AWS_PROFILE ? ` by the profile "${AWS_PROFILE}"` : ""}: ${message}`,
      fix: "set AWS_PROFILE or --profile, or sign in with `aws sso login`",
    };
  }
  if (DENIED.test(name)) {
    return {
      cause: "access",
      what: `AWS denies access: ${name}: ${message}`,
      fix: "allow the action in the policy of these credentials, or choose others with AWS_PROFILE or --profile",
    };
  }
  if (!REFUSED_CREDENTIALS.test(name)) return undefined;
  return {
    cause: "credentials",
    what: `AWS refuses the credentials: ${name}: ${message}`,
    fix: "sign in again, such as with `aws sso login`, or choose another AWS_PROFILE",
  };
}

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly syscall?: string;
  readonly path?: string;
}

/**
 * Node reports all addresses that it tried in one error; `fetch` reports the error as a cause. Amint's errors have their own
 * names, and explain their causes themselves.
 */
function causesOf(error: Error): readonly SystemError[] {
  const isOurs = Object.hasOwn(error, "name") && !("$fault" in error);
  const inner = error instanceof AggregateError ? error.errors : isOurs ? [] : [error.cause];
  return [error, ...inner.filter((one) => one instanceof Error).flatMap(causesOf)];
}

function explainNetwork(error: Error, { AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): Explanation | undefined {
  const causes = causesOf(error);
  const code = causes.map((one) => one.code ?? "").find((one) => UNREACHABLE.test(one));
  if (!code && error.name !== "TimeoutError") return undefined;
  const { address, port, hostname } = causes.find((one) => one.address ?? one.hostname) ?? {};
  const place = endpoint ?? hostname ?? (address && `${address}:${port}`) ?? "AWS";
  return {
    cause: "network",
    what: `Cannot reach ${place}: ${code ?? error.message}`,
    fix: endpoint
      ? "start an embedded AWS there, such as with `amint local start`, or change --endpoint or AWS_ENDPOINT_URL"
      : "check the network, the proxy and the region",
  };
}

interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Not enumerable; of responses that the SDK cannot read. */
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** A proxy, a sign-in page or another server answered in place of AWS. */
function explainForeign(error: AwsError, { AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): Explanation | undefined {
  const isUnreadable = error.$response !== undefined && !("$fault" in error);
  if (!isUnreadable && !("$fault" in error && error.message === "Unknown")) return undefined;
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  const type = error.$response?.headers?.["content-type"];
  return {
    cause: "network",
    what: `${endpoint ?? "What answered"} is not AWS: it answered ${[status && `HTTP ${status}`, type].filter(Boolean).join(", ")}`,
    fix: endpoint
      ? "name the address of an embedded AWS with --endpoint or AWS_ENDPOINT_URL; `amint local start` starts one"
      : "check the proxy, and whether the network asks to sign in",
  };
}

function explainMissing(error: Error, { AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv): Explanation | undefined {
  const isMissing = "$fault" in error && /^(ResourceNotFoundException|StateMachineDoesNotExist)$/.test(error.name);
  if (!isMissing) return undefined;
  return {
    cause: "not-deployed",
    ...(endpoint
      ? {
          what: `The factory is not deployed on ${endpoint} in the account of these credentials: ${error.message}`,
          fix: "deploy it with `amint local deploy`, or use the credentials of its account",
        }
      : {
          what: `The factory is not deployed in the account and region of these credentials: ${error.message}`,
          fix: "deploy it with `npx sst deploy`, or use the credentials of its account (`amint validate` checks them)",
        }),
  };
}

function explainFile(error: SystemError): Explanation | undefined {
  const fault = FILE_FAULTS[error.code ?? ""];
  // A full disk is noticed by a write, whose error has no path.
  const isFull = error.code === "ENOSPC";
  if (!fault || !error.syscall || !(error.path || isFull)) return undefined;
  return {
    cause: "file",
    what: `${error.path ?? "The command's output"}: ${fault}`,
    fix: isFull
      ? "free space there, then run the command again"
      : "choose a path in an existing folder to which you have access",
  };
}
