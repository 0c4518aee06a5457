/** What happens on simulated instances, and in other work that AWS does behind the scenes. */
export { simulateExports } from "./src/services/ec2/export-image/simulate-exports.ts";
export { type ReportFault, simulateUsageReports } from "./src/services/ec2/usage-reports/simulate-usage-reports.ts";
export {
  type InstanceContext,
  type InstancePlan,
  type InstanceShell,
  type SimulatedCisCheck,
  type StepContext,
  simulateInstances,
} from "./src/services/imagebuilder/simulation.ts";
