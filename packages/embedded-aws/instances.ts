/** Behaviour of simulated instances, and of other work that AWS does in the background. */

export {
  type FleetHealth,
  type FleetInstance,
  type FleetPlan,
  simulateFleet,
} from "./src/services/autoscaling/fleet.ts";
export {
  AUTO_SCALING_READINGS,
  type AutoScalingReadings,
  readAutoScaling,
} from "./src/services/autoscaling/readings.ts";
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
