import { DescribeExecutionCommand, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { type BuildArn, buildArn } from "../events/ids.ts";

const input = z.object({ build: buildArn });

/**
 * The builds whose promotion runs, whatever its execution is called.
 * @throws where an execution does not say which build it is of: then nobody can say that one is not promoted
 */
export async function listPromoting(client: SFNClient, stateMachineArn: string): Promise<ReadonlySet<BuildArn>> {
  const builds = new Set<BuildArn>();
  const asked = { stateMachineArn, statusFilter: "RUNNING" as const, maxResults: 1000 };
  for await (const { executions = [] } of paginateListExecutions({ client }, asked)) {
    for (const { executionArn } of executions) {
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      builds.add(input.parse(JSON.parse(described.input ?? "{}")).build);
    }
  }
  return builds;
}
