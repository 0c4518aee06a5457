import { missingMembers } from "../required-members.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import { refuseViolations } from "./refuse-violations.ts";

/**
 * Refuses an input that lacks what its model requires, or breaks its constraints.
 * @throws AwsError in the service's own words, naming every violation where the service does
 */
export function checkInput(input: object, operation: OperationModel, model: ServiceModel): void {
  const [first, ...others] = [...missingMembers(input, operation), ...model.violations(operation.name, input)];
  if (first) throw refuseViolations([first, ...others], model);
}
