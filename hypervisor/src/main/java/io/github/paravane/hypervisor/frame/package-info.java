/**
 * Machine frames: who owns them, what they are, how often they are used.
 *
 * <p>Two counts keep a guest from writing into its own page tables while it manages them itself. The <em>general count</em>
 * says how many things refer to a frame at all: one for being allocated to its owner, one for each present entry of a
 * validated page table that names it, one for each pin, base pointer, descriptor table or grant. At zero the frame is free.
 * The <em>type count</em> says how many of those need the frame to be of its present type: a page table of some level,
 * descriptors, or writable. A frame has one type at a time, and may take another only when nobody needs the present one.
 * So a frame that is writable through any entry cannot be a page table, and a page table can be mapped read-only only.
 *
 * <p>A frame that becomes a table is audited: every entry must be one that the guest could have stored by a hypercall, and
 * every frame it names is referenced in turn, down to the pages. When the last need for a table goes, so do the references
 * that its entries hold. A pin is a reference that the guest holds itself, so that a table stays audited while it is not
 * hooked anywhere.
 *
 * <p>An audit can be interrupted. The table is <em>partial</em> then: its type count is 1, the entries so far hold their
 * references, and it is neither a table nor plain memory until whoever takes the type next goes on, or its domain ends. A
 * table that drops what it held can be interrupted as well; the next page-table call goes on with that first.
 */
@NullMarked
package io.github.paravane.hypervisor.frame;

import org.jspecify.annotations.NullMarked;
