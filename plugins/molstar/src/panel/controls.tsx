import type { ReactElement } from 'react';
import { CollapsableControls, type CollapsableState } from 'molstar/lib/mol-plugin-ui/base.js';
import { Inputs } from './inputs.js';
import { Jobs } from './jobs.js';
import { Maps } from './maps.js';
import { Models } from './models.js';
import { OpenMaps } from './open-maps.js';
import { SceneToKeep } from './scene.js';
import { Status } from './status.js';
import { style } from './style.js';

/** The whole panel, without a frame. */
export function LocScalePanel(): ReactElement {
  return (
    <div className="locscale-panel">
      <style>{style}</style>
      <Status />
      <OpenMaps />
      <Inputs />
      <Jobs />
      <Maps />
      <Models />
      <SceneToKeep />
    </div>
  );
}

/** The panel among Mol*'s own, to be opened and closed like them. */
export class LocScaleControls extends CollapsableControls {
  protected override defaultState(): CollapsableState {
    return { header: 'LocScale', isCollapsed: false, brand: { accent: 'blue' } };
  }

  protected override renderControls(): ReactElement {
    return <LocScalePanel />;
  }
}
