#include "sys/tcp_info.h"

#include <linux/tcp.h>  // netinet/tcp.h lacks what kernels have had since 4.9, and excludes this one
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "sim/calls.h"

namespace sluice::sys {

int GetTcpInfo(int fd, TcpInfo* info) {
  if (sim::Owns(fd)) return -EOPNOTSUPP;
  tcp_info raw{};  // an older kernel fills less of it
  socklen_t size = sizeof raw;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &raw, &size) != 0) return -errno;
  info->state = raw.tcpi_state;
  info->rtt = raw.tcpi_rtt;
  info->rtt_var = raw.tcpi_rttvar;
  info->min_rtt = raw.tcpi_min_rtt == ~0u ? 0 : raw.tcpi_min_rtt;
  info->retransmits = raw.tcpi_total_retrans;
  info->bytes_retransmitted = raw.tcpi_bytes_retrans;
  info->congestion_window = raw.tcpi_snd_cwnd;
  info->unacked = raw.tcpi_unacked;
  info->sacked = raw.tcpi_sacked;
  info->lost = raw.tcpi_lost;
  info->not_sent_bytes = raw.tcpi_notsent_bytes;
  info->delivery_rate = raw.tcpi_delivery_rate;
  info->busy = raw.tcpi_busy_time;
  info->receive_window_limited = raw.tcpi_rwnd_limited;
  info->send_buffer_limited = raw.tcpi_sndbuf_limited;
  info->out_of_order = raw.tcpi_rcv_ooopack;
  info->last_received_ms = raw.tcpi_last_data_recv;
  return 0;
}

}  // namespace sluice::sys
