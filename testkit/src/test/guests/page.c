/* Maps machine frame mfn= (0 unless given) as dom0 may and prints its 8-byte words that are not 0: machine address, value. */
#include "pv.h"
static u8 page[PG] __attribute__((aligned(PG)));
u64 resume_rip;
void*main_trap(u64*f){ pr("UNEXPECTED\n"); shutdown_(); return f; }
void main(struct start_info*s){ setup(s); u64 m=argnum("mfn",0)<<12; s64 rc=hc3(H_update_va_mapping,page,m|0x61,2); if(rc)pr("update_va_mapping %d\n",rc);
  else for(int i=0;i<512;i++){ u64 v=((volatile u64*)page)[i]; if(v)pr("%x %x\n",m+8*i,v); }
  shutdown_(); }
