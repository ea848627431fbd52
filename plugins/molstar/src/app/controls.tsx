import type { ReactElement } from 'react';
import { DefaultStructureTools } from 'molstar/lib/mol-plugin-ui/controls.js';
import { ExpandGroup } from 'molstar/lib/mol-plugin-ui/controls/common.js';
import { LocScaleControls } from '../panel/controls.js';

/** The right side of the page: our panel first, Mol*'s own tools below it, closed, since a laptop shows only the upper part. */
export function PageControls(): ReactElement {
  return (
    <div className="msp-scrollable-container">
      <LocScaleControls />
      <ExpandGroup header="Mol* tools">
        <DefaultStructureTools />
      </ExpandGroup>
    </div>
  );
}
