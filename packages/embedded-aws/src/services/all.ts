import type { Service } from "../engine/operation.ts";

const load = (module: Promise<{ service: Service }>): Promise<Service> => module.then(({ service }) => service);

/** Every service of the embedded AWS by SigV4 signing name, loaded on first use. */
export const allServices: Readonly<Record<string, () => Promise<Service>>> = {
  autoscaling: () => load(import("./autoscaling/service.ts")),
  cloudformation: () => load(import("./cloudformation/service.ts")),
  cloudtrail: () => load(import("./cloudtrail/service.ts")),
  dynamodb: () => load(import("./dynamodb/service.ts")),
  ebs: () => load(import("./ebs/service.ts")),
  ec2: () => load(import("./ec2/service.ts")),
  ecr: () => load(import("./ecr/service.ts")),
  events: () => load(import("./events/service.ts")),
  iam: () => load(import("./iam/service.ts")),
  imagebuilder: () => load(import("./imagebuilder/service.ts")),
  inspector2: () => load(import("./inspector2/service.ts")),
  kms: () => load(import("./kms/service.ts")),
  lambda: () => load(import("./lambda/service.ts")),
  logs: () => load(import("./logs/service.ts")),
  monitoring: () => load(import("./monitoring/service.ts")),
  organizations: () => load(import("./organizations/service.ts")),
  ram: () => load(import("./ram/service.ts")),
  rbin: () => load(import("./rbin/service.ts")),
  s3: () => load(import("./s3/service.ts")),
  scheduler: () => load(import("./scheduler/service.ts")),
  servicequotas: () => load(import("./servicequotas/service.ts")),
  sns: () => load(import("./sns/service.ts")),
  sqs: () => load(import("./sqs/service.ts")),
  ssm: () => load(import("./ssm/service.ts")),
  states: () => load(import("./states/service.ts")),
  sts: () => load(import("./sts/service.ts")),
};
