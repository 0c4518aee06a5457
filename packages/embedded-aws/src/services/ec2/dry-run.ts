import { AwsError } from "../../engine/aws-error.ts";
import type { Operation } from "../../engine/operation.ts";

/** EC2 answers a dry run that is permitted with this error, HTTP status 412. */
export const dryRunSucceeded = (): AwsError =>
  new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", { status: 412 });

/** A dry run ends once the request is authorized; the operation never sees it. */
export function stoppingAtDryRun(inner: Operation): Operation {
  const real = inner as Operation<{ DryRun?: boolean }>;
  const stopping: typeof real = {
    ...real,
    run(input, call) {
      if (input.DryRun) throw dryRunSucceeded();
      return real.run(input, call);
    },
  };
  return stopping;
}
