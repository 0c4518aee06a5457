import type { RepairTrail } from "./repair-trail.ts";

const READS = /^(Describe|Get|List|Query|BatchGet)/;

/** Records the calls of `reconcile`. */
export function watchReconcile({ factory }: { readonly factory: Pick<RepairTrail["factory"], "booted"> }) {
  const called: string[] = [];
  const { aws } = factory.booted;
  let looks = 0;
  aws.observeCalls(({ service, operation, caller: { principal } }) => {
    if (principal.arn.endsWith("/amint-acme-reconcile")) called.push(`${service}:${operation}`);
    if (principal.kind === "service" && principal.sourceArn.endsWith("/amint-acme-drift")) looks++;
  });
  return {
    /** The calls that change something in AWS other than the ledger and the factory's bus. */
    writes: (): string[] =>
      called.filter((call) => {
        const [service = "", operation = ""] = call.split(":");
        return !["dynamodb", "events", "lambda"].includes(service) && !READS.test(operation);
      }),
    /** Requests to the ledger. */
    queries: (): number => called.filter((call) => call.startsWith("dynamodb:")).length,
    others: (): readonly string[] => called.filter((call) => !call.startsWith("dynamodb:")),
    /** How often an event invoked it. */
    looks: (): number => looks,
  };
}
