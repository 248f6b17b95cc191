import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../shared/kubernetes/objects';
import { ObjectLink } from '../../details/object-link';
import { Field, Fields, Pairs, Section } from '../../details/parts';

const storageClassKind = 'storageclasses.storage.k8s.io';

export function VolumeSections({ object: { spec, status } }: { object: PersistentVolume }) {
  const claim = spec?.claimRef;
  return (
    <Section title="Volume">
      <Fields>
        <Field name="Phase">{status?.phase}</Field>
        <Field name="Why">{status?.message}</Field>
        <Field name="Capacity">{spec?.capacity?.storage}</Field>
        <Field name="Access modes">{spec?.accessModes?.join(', ')}</Field>
        <Field name="Mode">{spec?.volumeMode}</Field>
        <Field name="When released">{spec?.persistentVolumeReclaimPolicy}</Field>
        <Field name="Storage class">
          {spec?.storageClassName && <ObjectLink kind={storageClassKind} name={spec.storageClassName} />}
        </Field>
        <Field name="Claim">
          {claim?.name && (
            <>
              <ObjectLink kind="persistentvolumeclaims" namespace={claim.namespace} name={claim.name} /> in{' '}
              {claim.namespace}
            </>
          )}
        </Field>
        <Field name="Path on the node">{spec?.hostPath?.path ?? spec?.local?.path}</Field>
        <Field name="Driver">{spec?.csi?.driver}</Field>
      </Fields>
    </Section>
  );
}

export function ClaimSections({ object: { spec, status } }: { object: PersistentVolumeClaim }) {
  return (
    <Section title="Claim">
      <Fields>
        <Field name="Phase">{status?.phase}</Field>
        <Field name="Asks for">{spec?.resources?.requests?.storage}</Field>
        <Field name="Has">{status?.capacity?.storage}</Field>
        <Field name="Access modes">{(status?.accessModes ?? spec?.accessModes)?.join(', ')}</Field>
        <Field name="Mode">{spec?.volumeMode}</Field>
        <Field name="Storage class">
          {spec?.storageClassName && <ObjectLink kind={storageClassKind} name={spec.storageClassName} />}
        </Field>
        <Field name="Volume">
          {spec?.volumeName ? <ObjectLink kind="persistentvolumes" name={spec.volumeName} /> : 'none bound yet'}
        </Field>
      </Fields>
    </Section>
  );
}

export function StorageClassSections({ object }: { object: StorageClass }) {
  return (
    <Section title="Storage class">
      <Fields>
        <Field name="Provisioner">{object.provisioner}</Field>
        <Field name="Binds">{object.volumeBindingMode}</Field>
        <Field name="When released">{object.reclaimPolicy}</Field>
        <Field name="May grow">{object.allowVolumeExpansion ? 'yes' : 'no'}</Field>
        <Field name="Parameters">{object.parameters && <Pairs pairs={object.parameters} />}</Field>
      </Fields>
    </Section>
  );
}
