export { contentHash } from "./content-hash.ts";
export type { Definitions, Deployment } from "./definitions.ts";
export { type Deployed, type DeployPorts, deploy, deployWhole, retire } from "./deploy.ts";
export { type DeployFolderPorts, deployFolder } from "./deploy-folder.ts";
export { ensureEventTopics, eventTopics, makeEventTopics } from "./event-topics.ts";
export { type FollowPorts, followDefinitions } from "./follow-definitions.ts";
export { AsideReader, type ReadBundleFiles, TooManyReadsError } from "./read-aside.ts";
export { type BundleRead, readBundle } from "./read-bundle.ts";
export type { Refusal } from "./refusal.ts";
