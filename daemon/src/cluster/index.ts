export { type Crew, leadRun } from './lead.js';
export { type Launch, launchOf } from './launch.js';
export { type MeetingOptions, NotMet } from './meeting.js';
export { type Ending, helpRun } from './member.js';
export { rankPatienceMs } from './patience.js';
