/** What happens on simulated instances, and in other work that AWS does behind the scenes. */
export { simulateExports } from "./src/services/ec2/export-image/export-tasks.ts";
export { type ReportFault, simulateUsageReports } from "./src/services/ec2/usage-reports/usage-report.ts";
export {
  type InstanceContext,
  type InstancePlan,
  type InstanceShell,
  type SimulatedCisCheck,
  type StepContext,
  simulateInstances,
} from "./src/services/imagebuilder/simulation.ts";
