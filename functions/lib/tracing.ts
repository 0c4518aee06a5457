import type { MiddlewareObj } from "@middy/core";

/**
 * Traces by X-Ray, or nothing outside Lambda, where Powertools would turn its tracer off anyway. X-Ray's SDK is loaded
 * only where it is used: it follows every promise of the process, which slows all of them.
 */
export const tracing: readonly MiddlewareObj[] = process.env.AWS_EXECUTION_ENV ? [await tracer()] : [];

async function tracer(): Promise<MiddlewareObj> {
  const [{ Tracer }, { captureLambdaHandler }] = await Promise.all([
    import("@aws-lambda-powertools/tracer"),
    import("@aws-lambda-powertools/tracer/middleware"),
  ]);
  return captureLambdaHandler(new Tracer(), { captureResponse: false });
}
